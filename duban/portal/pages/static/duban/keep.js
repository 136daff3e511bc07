// A form with data-keep (its value: who is signed in) keeps what is typed, in this tab alone, until it was taken: a
// session that ends in the middle loses nothing. Files are not kept, nor hidden fields; forms of marked matters do not
// take part.
(function () {
  const SENT = "duban-sent";
  function key(form, n) { return "duban-keep " + new URL(form.action, location.href).pathname + " " + n; }
  function fields(form) {
    return Array.from(form.elements).filter(function (one) {
      return one.name && ["file", "hidden", "password", "submit", "button", "reset"].indexOf(one.type) < 0;
    });
  }
  let store;
  try { store = window.sessionStorage; } catch (closed) { return; }
  // Only the server says that a form was taken (a cookie with its address): another page alone may be the sign-in.
  const TAKEN = /(?:^|; )duban_taken=([^;]*)/;
  const unmark = function () { document.cookie = "duban_taken=; path=/; max-age=0; samesite=lax"; };
  const taken = TAKEN.exec(document.cookie);
  const sent = JSON.parse(store.getItem(SENT) || "null");
  if (taken && sent && decodeURIComponent(sent.path) === decodeURIComponent(taken[1])) {
    store.removeItem(sent.key);
    store.removeItem(SENT);
    unmark();
  }
  document.querySelectorAll("form[data-keep]").forEach(function (form, n) {
    const mine = key(form, n);
    const kept = JSON.parse(store.getItem(mine) || "null");
    if (kept && kept.who === form.dataset.keep && !document.querySelector("[role=alert].alert-danger")) {
      let restored = false;
      fields(form).forEach(function (one, at) {
        const was = kept.said[one.name + " " + at];
        if (was === undefined) { return; }
        if (one.type === "radio" || one.type === "checkbox") { one.checked = was; return; }
        if (one.value !== was) { one.value = was; restored = true; }
      });
      if (restored) {
        const note = document.createElement("p");
        note.className = "alert alert-info"; note.setAttribute("role", "status");
        note.textContent = "已恢复上次没有提交的内容；文件要重新选择。";
        form.prepend(note);
        const folded = form.closest("details");
        if (folded) { folded.open = true; }
      }
    }
    function keep() {
      const said = {};
      fields(form).forEach(function (one, at) {
        said[one.name + " " + at] = one.type === "radio" || one.type === "checkbox" ? one.checked : one.value;
      });
      try { store.setItem(mine, JSON.stringify({ who: form.dataset.keep, said: said })); } catch (full) { /* then not */ }
    }
    form.addEventListener("input", keep);
    form.addEventListener("change", keep);
    form.addEventListener("submit", function () {
      keep();
      unmark();
      store.setItem(SENT, JSON.stringify({ key: mine, path: new URL(form.action, location.href).pathname }));
    });
  });
  // A file that is too large is said to be so before it is sent.
  document.querySelectorAll("input[type=file][data-most]").forEach(function (one) {
    one.addEventListener("change", function () {
      const most = Number(one.dataset.most);
      const large = most && one.files[0] && one.files[0].size > most;
      one.setCustomValidity(large ? "文件超过 " + Math.floor(most / 1048576) + " MB，请压缩图片或删减附件后再选。" : "");
      one.reportValidity();
    });
  });
  document.querySelectorAll("[data-print]").forEach(function (one) {
    one.addEventListener("click", function () { window.print(); });
  });
})();
