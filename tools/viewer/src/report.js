// What moves in a report: charts that are hovered, zoomed and panned, the divider, and the way to flagged frames.
// Without this script the report shows the same as pictures.
import uPlot from 'uplot';
import { digits, reach } from './charts.js';
import 'uplot/dist/uPlot.min.css';

const tone = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const charts = [];

function axis(label, more = {}) {
  return { label, labelSize: 20, labelGap: 2, stroke: () => tone('--soft'), grid: { stroke: () => tone('--line') }, ticks: { stroke: () => tone('--line') },
    font: '12px system-ui', labelFont: '12px system-ui', ...more };
}

// Flagged frames as ticks at the foot.
function marks(frames) {
  return (made) => {
    const { ctx, bbox } = made, wide = devicePixelRatio;
    ctx.save();
    ctx.fillStyle = tone('--flag');
    for (const frame of frames) {
      const x = made.valToPos(frame, 'x', true);
      if (x >= bbox.left && x <= bbox.left + bbox.width) ctx.fillRect(x - wide, bbox.top + bbox.height - 9 * wide, 2 * wide, 9 * wide);
    }
    ctx.restore();
  };
}

function limit(all, from, to) {
  const width = Math.min(Math.max(to - from, 2), all[1] - all[0]);
  const start = Math.min(Math.max(from, all[0]), all[1] - width);
  return [start, start + width];
}

function draw(place) {
  const told = JSON.parse(document.getElementById(`data-${place.dataset.chart}`).textContent);
  const data = [told.x], series = [{ label: 'frame', value: (_, v) => (v === null ? '-' : `${Math.round(v)}`) }], bands = [];
  for (const each of told.series) {
    const [r, stroke] = [data.length, () => tone(each.colour)];
    const fewer = told.x.length < 150;
    series.push({ label: each.name, stroke, width: 1.5, dash: each.dash, points: { show: fewer, size: 4, fill: stroke }, value: (_, v) => (v === null ? '-' : v.toFixed(told.digits)) });
    data.push(each.mean);
    if (each.high) {
      series.push({ label: `${each.name} high`, stroke: 'transparent', width: 0, points: { show: false } });
      series.push({ label: `${each.name} low`, stroke: 'transparent', width: 0, points: { show: false } });
      data.push(each.high, each.low);
      bands.push({ series: [r + 1, r + 2], fill: () => `color-mix(in srgb, ${tone(each.colour)} 25%, transparent)` });
    }
  }
  const all = [-0.5, told.n - 0.5];
  const size = () => ({ width: Math.max(place.clientWidth, 220), height: told.height });
  const made = new uPlot({
    ...size(), series, bands,
    scales: { x: { time: false, min: all[0], max: all[1] }, y: { range: (_, low, high) => reach(low, high, told.least) } },
    axes: [axis('frame', { incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 50000, 100000] }), axis(told.label, { size: 58, values: digits })],
    legend: { markers: { width: 8 } }, cursor: { drag: { x: true, y: false }, focus: { prox: 24 } },
    hooks: { draw: [marks(told.flagged)] },
  }, data, place);
  // bands are no values of their own
  for (const row of place.querySelectorAll('.u-series')) if (/ (high|low)$/.test(row.textContent.trim().replace(/[-\d.]+$/, '').trim())) row.hidden = true;
  made.setScale('x', { min: all[0], max: all[1] });
  const go = (from, to) => { const [min, max] = limit(all, from, to); made.setScale('x', { min, max }); };
  const span = () => [made.scales.x.min, made.scales.x.max];
  const zoom = (factor, at) => { const [a, b] = span(); go(at - (at - a) * factor, at + (b - at) * factor); };
  const pan = (share) => { const [a, b] = span(); go(a + share * (b - a), b + share * (b - a)); };
  made.over.addEventListener('wheel', (event) => {
    if (!event.ctrlKey && !event.shiftKey) return; // a wheel alone scrolls the page
    event.preventDefault();
    if (event.shiftKey) pan(Math.sign(event.deltaY || event.deltaX) * 0.15);
    else zoom(event.deltaY > 0 ? 1.25 : 0.8, made.posToVal(event.offsetX, 'x'));
  }, { passive: false });
  made.over.addEventListener('dblclick', () => go(...all));
  place.addEventListener('keydown', (event) => {
    const middle = (span()[0] + span()[1]) / 2;
    const keys = { '+': () => zoom(0.7, middle), '=': () => zoom(0.7, middle), '-': () => zoom(1.4, middle), ArrowLeft: () => pan(-0.2), ArrowRight: () => pan(0.2),
      Home: () => go(...all), 0: () => go(...all) };
    if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    keys[event.key]();
  });
  new ResizeObserver(() => made.setSize(size())).observe(place);
  charts.push({ made, go, all, x: told.x });
}

// Show a frame in every chart: its neighbourhood, with the cursor on it.
function point(frame) {
  for (const { made, go, all, x } of charts) {
    const half = Math.max(15, (all[1] - all[0]) / 20);
    go(frame - half, frame + half);
    let nearest = 0;
    for (let i = 1; i < x.length; i++) if (Math.abs(x[i] - frame) < Math.abs(x[nearest] - frame)) nearest = i;
    made.setCursor({ left: made.valToPos(x[nearest], 'x'), top: 20 });
  }
}

document.documentElement.classList.add('scripted');
for (const place of document.querySelectorAll('.chart')) draw(place);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => charts.forEach(({ made }) => made.redraw()));
for (const each of document.querySelectorAll('.compare')) {
  const slider = each.querySelector('input');
  const move = () => { each.style.setProperty('--at', `${slider.value}%`); slider.setAttribute('aria-valuetext', `${slider.value} % ${slider.dataset.left}, ${100 - slider.value} % ${slider.dataset.right}`); };
  slider.addEventListener('input', move);
  move();
}
for (const each of document.querySelectorAll('button[data-frame]')) {
  each.addEventListener('click', () => {
    point(Number(each.dataset.frame));
    document.querySelector('.chart')?.closest('figure').scrollIntoView({ behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth', block: 'center' });
    document.querySelector('#pointed').textContent = `The charts show frame ${each.dataset.frame}.`;
  });
}
for (const each of document.querySelectorAll('button[data-copy]')) {
  each.hidden = false;
  each.addEventListener('click', async () => {
    await navigator.clipboard.writeText(document.getElementById(each.dataset.copy).textContent);
    each.textContent = 'Copied';
  });
}
