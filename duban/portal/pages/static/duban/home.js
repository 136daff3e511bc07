// Figures that take the ledger a moment come after the page, beside the way to where they are from.
document.querySelectorAll("a[data-fill]").forEach(function (link) {
  fetch(link.dataset.fill, { headers: { Accept: link.dataset.pick ? "text/html" : "application/json" } })
    .then(function (answer) { return answer.ok ? answer.text() : Promise.reject(answer.status); })
    .then(function (said) {
      let words;
      if (link.dataset.pick) {
        const found = new DOMParser().parseFromString(said, "text/html").querySelector(link.dataset.pick);
        words = found ? found.textContent.trim() : "";
      } else {
        words = JSON.parse(said).findings.length + " 条";
      }
      if (words) { link.append("：" + words); }
    })
    .catch(function () { /* the link alone says enough */ });
});
