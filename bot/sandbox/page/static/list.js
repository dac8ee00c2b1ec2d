// A list that is drawn anew only where something changed, so that focus, scroll and half-typed words stay.

const REACHED = "button, a, input, select, textarea";

// items: [{key, sign, make}]; a node is kept as long as its sign stays the same.
export function keyed(parent, items) {
  const old = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  let at = parent.firstElementChild;
  for (const item of items) {
    let node = old.get(item.key);
    old.delete(item.key);
    if (node && node.sign !== item.sign) {
      const fresh = made(item);
      const focused = focusWithin(node);
      if (at === node) at = fresh;
      fresh.classList.add("changed"); // so that it is seen what was changed in place
      node.replaceWith(fresh);
      if (focused !== null) refocus(fresh, focused);
      node = fresh;
    }
    node ??= made(item);
    if (node === at) at = at.nextElementSibling;
    else parent.insertBefore(node, at);
  }
  for (const node of old.values()) node.remove();
}

function made(item) {
  const node = item.make();
  node.dataset.key = item.key;
  node.sign = item.sign;
  return node;
}

// Where the focus is: the name of what has it (data-focus), or its place among what can have it.
function focusWithin(node) {
  const active = document.activeElement;
  if (!node.contains(active)) return null;
  return active.dataset.focus ?? [...node.querySelectorAll(REACHED)].indexOf(active);
}

function refocus(node, name) {
  const all = [...node.querySelectorAll(REACHED)];
  const again = typeof name === "number" ? all[Math.min(name, all.length - 1)] : all.find((one) => one.dataset.focus === name);
  (again || node).focus({ preventScroll: true });
}

// Keep whoever reads at the end of `content` there, whatever grows: the list, a picture, the line to write in.
// Returns what brings them there from anywhere.
export function pinned(scroller, content) {
  let pin = true;
  const down = () => { scroller.scrollTop = scroller.scrollHeight; };
  scroller.addEventListener("scroll", () => {
    pin = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 60;
  }, { passive: true });
  const grown = new ResizeObserver(() => { if (pin) down(); });
  grown.observe(scroller);
  grown.observe(content);
  return () => { pin = true; down(); };
}
