// Points, and how far each place moved, over the pixels of a frame: as lines that stay thin however far one zooms in.
const STEPS = [1, 2, 5];

const draw = (name, attributes) => {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
};

// How many times as long arrows are drawn, so that the longest nearly reaches the next one: 1, 2, 5, 10 ...
export function lengthen(vectors) {
  const longest = Math.max(...vectors.map(([py, px, qy, qx]) => Math.hypot(qy - py, qx - px)), 1e-6);
  const places = new Set(vectors.map(([y]) => y));
  const [first, second] = [...places].sort((a, b) => a - b);
  const apart = second === undefined ? longest : second - first;
  let times = 1;
  for (let power = 1; power <= 1000; power *= 10) for (const step of STEPS) if (step * power * longest <= apart) times = step * power;
  return times;
}

// An element to lie over a canvas that shows a region; places are px of the frame.
export function drawOver(region, canvas, { points = [], vectors = [] }) {
  const { y, x, factor } = region, wide = canvas.width / Math.max(canvas.clientWidth, 1);
  const over = draw('svg', { class: 'over', viewBox: `0 0 ${canvas.width} ${canvas.height}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' });
  const at = (py, px) => [(py + 0.5 - y) / factor, (px + 0.5 - x) / factor];
  const isSeen = ([row, column]) => row >= 0 && column >= 0 && row <= canvas.height && column <= canvas.width;
  for (const [py, px] of points) {
    const place = at(py, px);
    if (isSeen(place)) over.append(draw('circle', { class: 'spot', cy: place[0], cx: place[1], r: 4.5 * wide }));
  }
  const times = vectors.length ? lengthen(vectors) : 1;
  for (const [py, px, qy, qx] of vectors) {
    const [[y1, x1], [y2, x2]] = [at(py, px), at(py + times * (qy - py), px + times * (qx - px))];
    over.append(draw('circle', { class: 'root', cy: y1, cx: x1, r: 1.6 * wide }), draw('line', { class: 'arrow', y1, x1, y2, x2 }));
  }
  return over;
}
