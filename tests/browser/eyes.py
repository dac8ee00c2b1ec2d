"""What eyes and screen readers make of a page: contrast of all words in sight, a name for all that can be used."""

from playwright.async_api import Page

LEAST = 4.5  # to one: contrast of words (WCAG 2.2, 1.4.3); 3 for large ones
USED = {
    "button",
    "link",
    "textbox",
    "searchbox",
    "combobox",
    "checkbox",
    "radio",
    "tab",
    "menuitem",
    "switch",
    "dialog",
}

CONTRASTS = """
() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const parsed = new Map();
  const rgba = (colour) => {
    if (!parsed.has(colour)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      parsed.set(colour, [...canvas.getImageData(0, 0, 1, 1).data].map((part, at) => (at === 3 ? part / 255 : part)));
    }
    return parsed.get(colour);
  };
  const over = (top, under) => top.slice(0, 3).map((part, at) => part * top[3] + under[at] * (1 - top[3]));
  const behind = (node) => {
    const layers = [];
    for (let at = node; at; at = at.parentElement) {
      const colour = rgba(getComputedStyle(at).backgroundColor);
      if (colour[3] > 0) layers.push(colour);
      if (colour[3] === 1) break;
    }
    return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255]);
  };
  const light = ([r, g, b]) => {
    const parts = [r / 255, g / 255, b / 255];
    const [x, y, z] = parts.map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const seen = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const node = text.parentElement;
    const words = text.data.trim();
    if (!/[\\p{L}\\p{N}]/u.test(words)) continue;
    if (node.closest("[inert], [disabled], [aria-hidden=true], option, .visually-hidden")) continue;
    if (!node.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const range = document.createRange();
    range.selectNode(text);
    const box = range.getBoundingClientRect();
    if (!box.width || !box.height) continue;
    const style = getComputedStyle(node);
    const back = behind(node);
    const ink = over(rgba(style.color), back);
    const [low, high] = [light(ink), light(back)].sort((one, other) => one - other);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const ratio = Math.round(((high + 0.05) / (low + 0.05)) * 100) / 100;
    seen.push({ words: words.slice(0, 40), ratio, large, where: node.className || node.tagName });
  }
  return seen;
}
"""


async def hard_to_read(page: Page) -> list[str]:
    """Return the words in sight that stand out too little."""
    seen = await page.evaluate(CONTRASTS)
    assert seen, "there are no words in sight"
    faint = [one for one in seen if one["ratio"] < (3 if one["large"] else LEAST)]
    return sorted({f"{one['words']!r} in {one['where']}: {one['ratio']}" for one in faint})


async def nameless(page: Page) -> list[str]:
    """Return what can be used and has no name, as the browser tells a screen reader."""
    client = await page.context.new_cdp_session(page)
    nodes = (await client.send("Accessibility.getFullAXTree"))["nodes"]
    await client.detach()
    used = [node for node in nodes if not node.get("ignored") and node.get("role", {}).get("value") in USED]
    assert used, "there is nothing to use"
    return [
        f"{node['role']['value']} {node['nodeId']}"
        for node in used
        if not node.get("name", {}).get("value", "").strip()
    ]


async def too_wide(page: Page) -> list[str]:
    """Return what reaches beyond the window's right edge, where one would have to scroll for it."""
    found = await page.evaluate(
        "() => document.scrollingElement.scrollWidth > innerWidth ? [`${document.scrollingElement.scrollWidth} px`] : []"
    )
    return list(found)
