// Charts by uPlot, in the colours of the page.
import uPlot from 'uplot';
import { colour, onTheme } from './common.js';

export function axis(label, more = {}) {
  return { label, labelSize: 18, labelGap: 0, size: label === 'cells' ? 56 : 40, stroke: () => colour('--text'), grid: { stroke: () => colour('--line') },
    ticks: { stroke: () => colour('--line') }, font: '12px system-ui', labelFont: '12px system-ui', ...more };
}

// Of the vertical axis; of values that are all the same it would be 0 to 100.
export function reach(low, high, least) {
  if (low === null) return [null, null];
  return high - low < least ? [low - least / 2, high + least / 2] : uPlot.rangeNum(low, high, 0.1, true);
}

// As many digits as tell ticks apart: three of them made 0.0025 and 0.0075 of 0.003 and 0.008.
export function digits(_, ticks) {
  const step = ticks.length > 1 ? ticks[1] - ticks[0] : 1;
  let n = 0;
  while (n < 9 && Math.abs(step * 10 ** n - Math.round(step * 10 ** n)) > 1e-6) n++;
  return ticks.map((tick) => tick.toLocaleString('en', { minimumFractionDigits: n, maximumFractionDigits: n }));
}

export function chart(place, options, data) {
  const size = () => ({ width: Math.max(place.clientWidth, 200), height: options.height });
  const made = new uPlot({ legend: { show: false }, cursor: { drag: { x: false, y: false } }, ...options, ...size() }, data, place);
  new ResizeObserver(() => made.setSize(size())).observe(place);
  onTheme(() => made.redraw());
  return made;
}

// A vertical line at a value that `at` gives, drawn after the series.
export function line(at, name) {
  return (made) => {
    const value = at();
    if (value === null || value === undefined) return;
    const x = made.valToPos(value, 'x', true);
    made.ctx.save();
    made.ctx.strokeStyle = colour(name);
    made.ctx.lineWidth = 2 * devicePixelRatio;
    made.ctx.beginPath();
    made.ctx.moveTo(x, made.bbox.top);
    made.ctx.lineTo(x, made.bbox.top + made.bbox.height);
    made.ctx.stroke();
    made.ctx.restore();
  };
}

// A vertical line that moves without the series being drawn anew: of a long movie those take longer than its frames.
export function cursor(made, name) {
  const bar = document.createElement('i');
  bar.className = 'cursor-line';
  bar.style.background = `var(${name})`;
  made.over.append(bar);
  return (value) => { bar.style.transform = `translateX(${made.valToPos(value, 'x') - 1}px)`; };
}

// Tell the value under the pointer while it is pressed.
export function onDrag(made, tell) {
  const told = (event) => {
    if (event.buttons & 1) tell(made.posToVal(event.clientX - made.over.getBoundingClientRect().left, 'x'));
  };
  made.over.addEventListener('pointerdown', (event) => { made.over.setPointerCapture(event.pointerId); told(event); });
  made.over.addEventListener('pointermove', told);
}
