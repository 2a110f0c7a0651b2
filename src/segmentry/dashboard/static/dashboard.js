// Makes what works without it quicker: pages change in place, and the map takes a brush and the keyboard.

import { prepareFigures } from "./figures.js";

const SVG = "http://www.w3.org/2000/svg";
let latest = 0;

/** An address without the place on the page that it may name. */
const viewOf = (address) => address.split("#")[0];
let view = viewOf(location.href);

/** Fetch an address and put its main part and its frame in place of ours. */
async function go(address, { push = true, keep = "", ring = true } = {}) {
  const turn = ++latest;
  document.body.setAttribute("aria-busy", "true");
  let answer;
  try {
    answer = await fetch(address, { headers: { accept: "text/html" } });
  } catch {
    location.assign(address);
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (turn !== latest) return; // a later click was answered first
  const next = page.querySelector("main");
  if (!next) {
    location.assign(address);
    return;
  }
  if (push && new URL(address, location.href).href !== location.href) {
    history.pushState({}, "", address);
    view = viewOf(location.href);
  }
  document.querySelector("main").replaceWith(document.importNode(next, true));
  for (const part of ["header.top", "aside.preview"]) {
    const [old, fresh] = [document.querySelector(part), page.querySelector(part)];
    if (old && fresh) old.replaceWith(document.importNode(fresh, true));
    else if (old) old.remove();
    else if (fresh) document.querySelector("main").before(document.importNode(fresh, true));
  }
  document.title = page.title;
  document.body.removeAttribute("aria-busy");
  const held = keep && document.getElementById(keep);
  if (held) held.focus({ preventScroll: true, ...(ring ? {} : { focusVisible: false }) });
  const said = document.getElementById("said");
  if (said) said.textContent = document.querySelector("h1")?.textContent ?? "";
  prepare();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-swap]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button) return;
  event.preventDefault();
  go(link.href, { keep: link.id });
});

/** The address that a form asks for, without its empty fields. */
function asked(form) {
  const filled = [...new FormData(form)].filter(([, value]) => value !== "");
  const address = new URL(form.getAttribute("action"), location.href);
  address.search = new URLSearchParams(filled).toString();
  return address.href;
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-swap]");
  if (!form) return;
  event.preventDefault();
  go(asked(form), { keep: document.activeElement?.id });
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-swap]");
  if (form && event.target.matches("[type=checkbox], [type=radio], select")) form.requestSubmit();
  if (event.target.closest("form[data-jump]") && event.target.matches("select")) event.target.form.requestSubmit();
});

addEventListener("popstate", () => { // also comes with a link to a place on this page, which is no other view
  if (viewOf(location.href) === view) return;
  view = viewOf(location.href);
  go(location.href, { push: false });
});

/** The map: drag a frame, or move and size it with the arrow keys; the address is what it says. */
function brush(section) {
  const plot = section.querySelector(".plot");
  const svg = plot?.querySelector("svg");
  if (!svg) return;
  const [x0, x1, y0, y1] = section.dataset.ends.split(" ").map(Number);
  const [left, top, right, bottom] = section.dataset.box.split(" ").map(Number);
  const [wide, high] = [right - left, bottom - top];
  plot.setAttribute("aria-describedby", "map-help");
  let frame = null; // in the units of the drawing: x, y, width, height
  let from = null;
  const rect = document.createElementNS(SVG, "rect");
  rect.setAttribute("class", "brush");

  const within = (value, low, up) => Math.min(Math.max(value, low), up);
  const place = (event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    return [within(point.x, left, right), within(point.y, top, bottom)];
  };
  const draw = () => {
    if (!frame) { rect.remove(); return; }
    ["x", "y", "width", "height"].forEach((name, at) => rect.setAttribute(name, frame[at]));
    if (!rect.isConnected) svg.append(rect);
  };
  const choose = (ring) => {
    const [x, y, w, h] = frame;
    const across = (value) => x0 + ((value - left) / wide) * (x1 - x0);
    const up = (value) => y1 - ((value - top) / high) * (y1 - y0);
    const url = new URL(location.href);
    url.searchParams.delete("after");
    const ends = { x0: across(x), x1: across(x + w), y0: up(y + h), y1: up(y) };
    for (const [name, value] of Object.entries(ends)) url.searchParams.set(name, String(Number(value.toPrecision(5))));
    go(url.href, { keep: plot.id, ring });
  };

  svg.addEventListener("pointerdown", (event) => {
    if (event.button || event.pointerType === "touch") return; // a finger scrolls; the fields are there for it
    from = place(event);
    svg.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  svg.addEventListener("pointermove", (event) => {
    if (!from) return;
    const [x, y] = place(event);
    frame = [Math.min(x, from[0]), Math.min(y, from[1]), Math.abs(x - from[0]), Math.abs(y - from[1])];
    draw();
  });
  svg.addEventListener("pointerup", () => {
    from = null;
    if (frame && frame[2] > 4 && frame[3] > 4) choose(false); // by the mouse: no ring is needed to see where one is
    else { frame = null; draw(); }
  });
  plot.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (step) {
      frame ??= [left + wide / 4, top + high / 4, wide / 2, high / 2];
      const [dx, dy] = [step[0] * wide * 0.025, step[1] * high * 0.025];
      if (event.shiftKey) {
        frame[2] = within(frame[2] + dx, wide / 40, right - frame[0]);
        frame[3] = within(frame[3] + dy, high / 40, bottom - frame[1]);
      } else {
        frame[0] = within(frame[0] + dx, left, right - frame[2]);
        frame[1] = within(frame[1] + dy, top, bottom - frame[3]);
      }
      draw();
    } else if (event.key === "Enter" && frame) choose(true);
    else if (event.key === "Escape" && frame) { frame = null; draw(); }
    else return;
    event.preventDefault();
  });
}

/** What a fresh page needs. */
function prepare() {
  document.querySelectorAll("section.map[data-ends]").forEach(brush);
  prepareFigures();
}

prepare();
