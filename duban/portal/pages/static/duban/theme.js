// Light or dark as Airflow's own pages are (it keeps its choice in this browser); on paper always light.
(function () {
  function choose() {
    let chosen = "";
    try { chosen = window.localStorage.getItem("theme") || ""; } catch (closed) { chosen = ""; }
    document.documentElement.dataset.bsTheme = chosen === "dark" ? "dark" : "light";
  }
  choose();
  window.addEventListener("storage", choose);
  window.addEventListener("beforeprint", function () { document.documentElement.dataset.bsTheme = "light"; });
  window.addEventListener("afterprint", choose);
})();
