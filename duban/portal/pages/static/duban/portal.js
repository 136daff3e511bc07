// A form is sent once: a second tap while the first is under way does nothing.
document.addEventListener("submit", function (event) {
  const form = event.target;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  setTimeout(function () { delete form.dataset.sent; }, 8000);
});
// Coming back with the back button shows a page that may be used again.
window.addEventListener("pageshow", function () {
  document.querySelectorAll("form[data-sent]").forEach(function (form) { delete form.dataset.sent; });
});
// Airflow's sign-out forgets where one was and leads to a page of its own. It is asked here (it leads through whatever
// the way to sign in has to end), and then the way in is back to the portal. Without script the link is Airflow's.
document.querySelectorAll("a[data-home]").forEach(function (link) {
  // Within Airflow's page the link could lead nowhere; Airflow has a sign-out of its own beside it.
  if (window.top !== window.self) { link.remove(); return; }
  link.addEventListener("click", function (event) {
    event.preventDefault();
    fetch(link.href, { credentials: "same-origin" }).then(
      function (answer) { location.assign(answer.ok ? link.dataset.home : link.href); },
      function () { location.assign(link.href); }
    );
  });
});
// On paper nothing is folded away; afterwards it is as it was.
(function () {
  let opened = [];
  window.addEventListener("beforeprint", function () {
    opened = Array.from(document.querySelectorAll("details:not([open])"));
    opened.forEach(function (one) { one.open = true; });
  });
  window.addEventListener("afterprint", function () { opened.forEach(function (one) { one.open = false; }); });
})();
