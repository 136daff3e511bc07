// The form of 新建督办件: its deadline and its faults while one types, fields that only their mode asks for, tables as rows.
// Without this script the form works as it stands: tables are lines of text, 先核对 shows the same on the server.
(function () {
  const form = document.querySelector("form[data-new]");
  if (!form) { return; }
  const field = function (name) { return form.elements.namedItem(name); };
  const value = function (name) { const one = field(name); return one && one.value || ""; };

  // Fields of a mode are there when the mode is chosen; what is hidden and filled in would be refused, so it shows.
  function fitMode() {
    const mode = value("mode") || "written";
    form.querySelectorAll("[data-mode]").forEach(function (one) {
      const used = Array.from(one.querySelectorAll("[name]")).some(function (input) {
        return input.type === "checkbox" ? input.checked : input.value;
      });
      one.hidden = one.dataset.mode !== mode && !used;
    });
    const secret = ["秘密", "机密", "绝密"].indexOf(value("mark")) >= 0;
    form.classList.toggle("secret", secret);
    if (secret) {  // of a marked matter nothing is kept in the browser
      form.removeAttribute("data-keep");
      try { sessionStorage.removeItem("duban-keep " + new URL(form.action).pathname + " 0"); } catch (closed) { /* nothing was kept */ }
    }
  }
  form.addEventListener("input", function (event) {
    if (!form.classList.contains("secret")) { return; }
    event.stopImmediatePropagation();
    soon(event);
  }, true);

  function countTicks() {
    form.querySelectorAll("[data-ticked]").forEach(function (one) {
      const ticked = form.querySelectorAll("input[name=" + one.dataset.ticked + "]:checked").length;
      one.textContent = (ticked ? ticked + "个选中" : "没有选中") + "，点开选择";
    });
  }

  // A table: each row a line of the text that is sent, its columns between ｜.
  const COLUMNS = {
    stages: [["阶段名称", "text"], ["开始", "date"], ["结束", "date"], ["报送日（不填即结束日）", "date"], ["由谁办", ["承办单位", "办公室"]]],
    parts: [["承办单位", "units"], ["要求", "text"], ["期限（可不填）", "date"]],
  };
  form.querySelectorAll("textarea[data-rows]").forEach(function (text) {
    const columns = COLUMNS[text.dataset.rows];
    const units = [""].concat(JSON.parse(text.dataset.units || "[]"));
    const table = document.createElement("div");
    table.className = "rows";
    const more = document.createElement("button");
    more.type = "button"; more.className = "btn btn-outline-primary"; more.textContent = "加一行";
    const asText = document.createElement("button");
    asText.type = "button"; asText.className = "btn btn-link"; asText.textContent = "改用文字填写";

    function cellsOf(line) { const cells = line.split("｜"); return cells.length === columns.length ? cells : null; }
    function write() {
      text.value = Array.from(table.children).map(function (row) {
        return Array.from(row.querySelectorAll("input, select")).map(function (cell) {
          return cell.value.replace(/[｜\n]/g, " ").trim();
        });
      }).filter(function (cells) { return cells.some(function (one) { return one && one !== "承办单位"; }); }).map(function (cells) { return cells.join("｜"); }).join("\n");
      text.dispatchEvent(new Event("input", { bubbles: true }));
    }
    function add(cells) {
      const row = document.createElement("div");
      row.className = "row-of " + text.dataset.rows;
      columns.forEach(function (column, n) {
        const label = document.createElement("label");
        label.textContent = column[0];
        const offered = column[1] === "units" ? units : column[1];
        let cell;
        if (Array.isArray(offered)) {
          cell = document.createElement("select");
          cell.className = "form-select";
          const there = cells[n] && offered.indexOf(cells[n]) < 0 ? offered.concat([cells[n]]) : offered;
          there.forEach(function (word) { cell.add(new Option(word || "请选择", word)); });
        } else {
          cell = document.createElement("input");
          cell.type = offered; cell.className = "form-control";
        }
        if (cells[n] || cell.tagName === "INPUT") { cell.value = cells[n] || ""; }
        label.append(cell);
        row.append(label);
      });
      const away = document.createElement("button");
      away.type = "button"; away.className = "btn"; away.textContent = "删除";
      away.addEventListener("click", function () { row.remove(); write(); });
      row.append(away);
      table.append(row);
      return row;
    }
    function show() {
      const lines = text.value.split("\n").filter(function (line) { return line.trim(); });
      if (!lines.every(cellsOf)) { return false; }
      lines.forEach(function (line) { add(cellsOf(line)); });
      while (table.children.length < 2) { add([]); }
      text.hidden = true;
      text.after(table, more, asText);
      return true;
    }
    table.addEventListener("input", function (event) { event.stopPropagation(); write(); });
    more.addEventListener("click", function () { add([]).querySelector("input, select").focus(); });
    asText.addEventListener("click", function () { text.hidden = false; table.remove(); more.remove(); asText.remove(); text.focus(); });
    show();
  });

  // What it would become. Told at its field is what is wrong there, not what is still missing.
  const due = form.querySelector("[data-due]");
  let timer, asked = 0;
  const touched = new Set();
  function soon(event) {
    if (event && event.target && event.target.name) { touched.add(event.target.name); }
    fitMode();
    countTicks();
    clearTimeout(timer);
    timer = setTimeout(ask, 400);
  }
  function ask() {
    const mine = ++asked;
    due.classList.add("wait");
    fetch(form.dataset.preview, { method: "POST", body: new FormData(form), credentials: "same-origin" })
      .then(function (answer) { return answer.ok ? answer.json() : Promise.reject(answer.status); })
      .then(function (found) {
        if (mine !== asked) { return; }
        due.innerHTML = found.due;
        tell(found.faults);
      })
      .catch(function () { /* the server says at 登记 what is wrong */ })
      .finally(function () { if (mine === asked) { due.classList.remove("wait"); } });
  }
  // Once the server has said what is missing, that stays said until it is there.
  const whole = Array.from(form.querySelectorAll("[data-fault]")).some(function (one) { return one.textContent.trim(); });
  function tell(faults) {
    const said = {};
    faults.forEach(function (fault) { if (whole || !fault.missing || touched.has(fault.field)) { said[fault.field] = fault.sentence; } });
    form.querySelectorAll("[data-fault]").forEach(function (one) {
      const words = said[one.dataset.fault] || "";
      if (one.textContent.trim() !== words) { one.textContent = words; }
      if (one.dataset.fault === "") { one.hidden = !words; return; }
      const input = document.getElementById("f-" + one.dataset.fault);
      if (input) { input.classList.toggle("is-invalid", Boolean(words)); }
    });
  }
  // A text that nears its limit says how long it is; what is pasted is never cut, the server refuses it with a sentence.
  form.querySelectorAll("[data-most]").forEach(function (one) {
    const note = document.createElement("small");
    note.className = "form-hint";
    note.setAttribute("role", "status");
    one.after(note);
    const most = Number(one.dataset.most);
    function count() {
      const long = Array.from(one.value.trim()).length;
      note.textContent = long > most * 0.8 ? "已写" + long + "字，最多" + most + "字" + (long > most ? "，请删去" + (long - most) + "字。" : "。") : "";
    }
    one.addEventListener("input", count);
    count();
  });
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  fitMode();
  countTicks();
  // What was restored or typed before the page came back is looked at once; an empty form is as the server wrote it.
  if (Array.from(form.elements).some(function (one) { return one.type === "text" && one.value; })) { ask(); }
})();
