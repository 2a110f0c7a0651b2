// Live charts: in place of a drawn chart, one that answers to the pointer and can be looked at closely.
// The scripts that draw it (Vega) are fetched from this server when the first chart is explored.

const OPTIONS = { // no style sheet of its own and nothing evaluated: the page's policy allows neither
  ast: true, renderer: "svg", actions: false, defaultStyle: false, tooltip: { disableDefaultStyle: true },
};
const STEP = 1.25;
let scripts;

const say = (text) => { const said = document.getElementById("said"); if (said) said.textContent = text; };

/** Vega-Embed, fetched when it is first asked for; the server may still be making it. */
function vega(tries = 40) {
  scripts ??= new Promise((done, fail) => {
    const script = document.createElement("script");
    script.src = "/live/vega-embed.js";
    script.onload = () => done(window.vegaEmbed);
    script.onerror = () => {
      script.remove();
      scripts = undefined;
      if (tries > 1) setTimeout(() => vega(tries - 1).then(done, fail), 1500);
      else fail(new Error("not to be had"));
    };
    document.head.append(script);
  });
  return scripts;
}

/** The specification of a chart, in the colours of the page. */
async function specification(address, { whole = false } = {}) {
  const url = new URL(address, location.href);
  if (!whole) url.searchParams.set("scheme", matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.json();
}

/** The chart with its title and its foot, as a file. */
async function save(link, kind) {
  const [embed, spec] = await Promise.all([vega(), specification(link.dataset.live, { whole: true })]);
  const drawn = await embed(document.createElement("div"), spec, OPTIONS);
  const file = document.createElement("a");
  file.href = await drawn.view.toImageURL(kind, kind === "png" ? 2 : 1);
  file.download = `${link.closest("figure").dataset.chart}.${kind}`;
  file.click();
  drawn.finalize();
}

/** A live chart in place of the drawn one, with what it takes to look closely and to go back. */
async function explore(link) {
  const plot = link.closest("figure").querySelector(".plot");
  const still = plot.querySelector("svg");
  const place = document.createElement("div");
  const note = document.createElement("span");
  note.className = "note";
  note.textContent = " Fetching what draws it…";
  link.after(note);
  say("The live chart is being fetched.");
  let drawn;
  try {
    const [embed, spec] = await Promise.all([vega(), specification(link.dataset.live)]);
    drawn = await embed(place, spec, OPTIONS);
  } catch {
    note.textContent = " The live chart is not to be had now; the picture stays.";
    say(note.textContent);
    return;
  }
  note.remove();
  const svg = place.querySelector("svg");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", still.getAttribute("aria-label"));
  for (const name of ["width", "height"]) svg.removeAttribute(name);
  still.setAttribute("class", "still");
  plot.append(place);
  const bar = controls(svg, plot, link, () => {
    drawn.finalize();
    place.remove();
    bar.remove();
    still.removeAttribute("class");
    link.parentElement.hidden = false;
    link.focus();
    say("The picture is back.");
  });
  link.parentElement.hidden = true;
  link.parentElement.after(bar);
  bar.querySelector("button").focus();
  say("The chart is live: point at a mark to read it, or look closely with the buttons.");
}

/** Buttons, keys and the pointer move a frame over the drawing. */
function controls(svg, plot, link, back) {
  const whole = svg.getAttribute("viewBox").split(/[ ,]+/).map(Number);
  let frame = [...whole];
  const show = () => svg.setAttribute("viewBox", frame.join(" "));
  const within = (value, low, up) => Math.min(Math.max(value, low), up);
  const move = (dx, dy) => {
    frame[0] = within(frame[0] + dx, whole[0], whole[0] + whole[2] - frame[2]);
    frame[1] = within(frame[1] + dy, whole[1], whole[1] + whole[3] - frame[3]);
    show();
  };
  const zoom = (by, [x, y] = [frame[0] + frame[2] / 2, frame[1] + frame[3] / 2]) => {
    const part = within(frame[2] / by, whole[2] / 8, whole[2]) / frame[2];
    frame = [x - (x - frame[0]) * part, y - (y - frame[1]) * part, frame[2] * part, frame[3] * part];
    move(0, 0);
  };
  const reset = () => { frame = [...whole]; show(); };
  const at = (event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    return [point.x, point.y];
  };

  const bar = document.createElement("p");
  bar.className = "explore";
  const doings = [["Closer", () => zoom(STEP)], ["Further", () => zoom(1 / STEP)], ["Whole chart", reset],
    ["Save as PNG", () => save(link, "png")], ["Save as SVG", () => save(link, "svg")], ["Back to the picture", end]];
  for (const [name, act] of doings) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = name;
    button.addEventListener("click", act);
    bar.append(button, " ");
  }
  const keys = {
    "+": () => zoom(STEP), "-": () => zoom(1 / STEP), 0: reset, Escape: end,
    ArrowLeft: () => move(-frame[2] / 10, 0), ArrowRight: () => move(frame[2] / 10, 0),
    ArrowUp: () => move(0, -frame[3] / 10), ArrowDown: () => move(0, frame[3] / 10),
  };
  const press = (event) => {
    const act = !event.ctrlKey && !event.metaKey && !event.altKey && keys[event.key];
    if (act) { event.preventDefault(); act(); }
  };
  plot.addEventListener("keydown", press);
  svg.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return; // a plain wheel scrolls the page
    event.preventDefault();
    zoom(event.deltaY < 0 ? STEP : 1 / STEP, at(event));
  }, { passive: false });
  let from = null;
  svg.addEventListener("pointerdown", (event) => { if (!event.button && event.pointerType !== "touch") from = at(event); });
  svg.addEventListener("pointermove", (event) => {
    if (!from) return;
    const [x, y] = at(event);
    move(from[0] - x, from[1] - y);
  });
  for (const name of ["pointerup", "pointerleave"]) svg.addEventListener(name, () => { from = null; });

  function end() { plot.removeEventListener("keydown", press); back(); }
  return bar;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-live]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button) return;
  event.preventDefault();
  explore(link);
});
