"use strict";

// The live line: the last sixty events of ./live, drawn into the same coordinates as the charts.
(() => {
  const card = document.querySelector("#live");
  if (!card) return;
  const text = card.querySelector(".live-text");
  const line = { high: card.querySelector(".high"), low: card.querySelector(".low") };
  const grid = card.querySelector("[data-grid]");
  const namespace = "http://www.w3.org/2000/svg";
  const kept = 60;
  const days = [];
  const y = (value) => 230 - ((value + 10) / 50) * 218;
  const x = (index) => 44 + ((index + kept - days.length) / (kept - 1)) * 668;

  for (const value of [-10, 0, 10, 20, 30, 40]) {
    const rule = document.createElementNS(namespace, "line");
    rule.setAttribute("class", "grid");
    rule.setAttribute("x1", 44);
    rule.setAttribute("x2", 712);
    rule.setAttribute("y1", y(value));
    rule.setAttribute("y2", y(value));
    const label = document.createElementNS(namespace, "text");
    label.setAttribute("class", "axis end");
    label.setAttribute("x", 38);
    label.setAttribute("y", y(value) + 5);
    label.textContent = `${value}°`;
    grid.append(rule, label);
  }

  const draw = (path, name) => path.setAttribute("d", "M" + days
    .map((day, index) => `${x(index).toFixed(1)} ${y(day[name]).toFixed(1)}`).join("L"));

  const interval = new URLSearchParams(location.search).get("interval_ms");
  const source = new EventSource(interval ? `live?interval_ms=${Number(interval)}` : "live");
  source.onmessage = (message) => {
    const event = JSON.parse(message.data);
    const late = Math.max(0, Date.now() - event.at);
    days.push(event.day);
    if (days.length > kept) days.shift();
    draw(line.high, "temp_max");
    draw(line.low, "temp_min");
    const { date, temp_min: low, temp_max: high, weather } = event.day;
    text.textContent =
      `${date}: ${low.toFixed(1)} to ${high.toFixed(1)} °C, ${weather} · arrived after ${late} ms`;
  };
  source.onerror = () => {
    text.textContent = source.readyState === EventSource.CLOSED
      ? "The live feed was refused." : "The live feed is interrupted; trying again …";
  };
})();

// The notes: posted as JSON, listed as text.
(() => {
  const form = document.querySelector("#notes form");
  if (!form) return;
  const list = document.querySelector("#notes ul");
  const status = form.querySelector("[role=status]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const input = form.elements.text;
    try {
      const answer = await fetch("api/notes", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ text: input.value }),
      });
      if (!answer.ok) throw new Error(`not taken: status ${answer.status}`);
      const note = await answer.json();
      const item = document.createElement("li");
      const author = document.createElement("strong");
      author.textContent = note.author ?? "anonymous";
      item.append(author, ` ${note.text}`);
      list.prepend(item);
      input.value = "";
      status.textContent = "";
    } catch (error) {
      status.textContent = String(error.message ?? error);
    }
  });
})();
