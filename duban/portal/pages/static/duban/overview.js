// 打印 works where the page stands by itself: within Airflow's frame no dialogue may open.
if (window.self === window.top) {
  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });
}
