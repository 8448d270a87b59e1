// What all cells do over the cycles, behind the curve of one: quantiles as bands, and what bands leave out.
import { colour } from './common.js';

const HALF_PX = 6, HATCH_PX = 7;

// Quantiles of the cycles in the order in which the chart draws them; which cycles are missing, and which stand alone:
// a band needs two cycles beside each other.
export function readPopulation(summary, reasonOf) {
  const [wideLow, wideHigh, low, high, middle] = ['0.05', '0.95', '0.25', '0.75', '0.5'].map((share) => summary.quantiles[share]);
  const cycles = middle.map((_, k) => k + 1);
  const isKnown = (cycle) => middle[cycle - 1] !== null && middle[cycle - 1] !== undefined;
  return {
    cycles, bands: [wideLow, wideHigh, low, high, middle],
    alone: cycles.filter((cycle) => isKnown(cycle) && !isKnown(cycle - 1) && !isKnown(cycle + 1)),
    missing: cycles.filter((cycle) => !isKnown(cycle) || reasonOf(cycle)),
  };
}

// Cycles that stand alone, each as a box of the same quantiles.
export function drawAlone({ bands: [wideLow, wideHigh, low, high, middle], alone }) {
  return ({ ctx, valToPos }) => {
    const half = HALF_PX * devicePixelRatio, y = (value) => valToPos(value, 'y', true);
    ctx.save();
    for (const cycle of alone) {
      const k = cycle - 1, x = valToPos(cycle, 'x', true);
      for (const [name, from, to] of [['--band-wide', wideLow, wideHigh], ['--band', low, high]]) {
        ctx.fillStyle = colour(name);
        ctx.fillRect(x - half, y(to[k]), 2 * half, Math.max(y(from[k]) - y(to[k]), devicePixelRatio));
      }
      ctx.strokeStyle = colour('--population');
      ctx.lineWidth = 2 * devicePixelRatio;
      ctx.beginPath();
      ctx.moveTo(x - half, y(middle[k]));
      ctx.lineTo(x + half, y(middle[k]));
      ctx.stroke();
    }
    ctx.restore();
  };
}

// Cycles of which nothing is known, hatched, with a word.
export function drawMissing({ missing }) {
  return ({ ctx, bbox, valToPos }) => {
    ctx.save();
    for (const cycle of missing) {
      const [left, right] = [cycle - 0.4, cycle + 0.4].map((value) => Math.min(Math.max(valToPos(value, 'x', true), bbox.left), bbox.left + bbox.width));
      ctx.save();
      ctx.beginPath();
      ctx.rect(left, bbox.top, right - left, bbox.height);
      ctx.clip();
      ctx.strokeStyle = colour('--line');
      ctx.lineWidth = devicePixelRatio;
      ctx.beginPath();
      for (let x = left - bbox.height; x < right; x += HATCH_PX * devicePixelRatio) { ctx.moveTo(x, bbox.top + bbox.height); ctx.lineTo(x + bbox.height, bbox.top); }
      ctx.stroke();
      ctx.translate((left + right) / 2, bbox.top + bbox.height / 2);
      ctx.rotate(-Math.PI / 2);
      ctx.fillStyle = colour('--text');
      ctx.font = `${12 * devicePixelRatio}px system-ui`;
      ctx.textAlign = 'center';
      ctx.textBaseline = 'middle';
      ctx.fillText('missing', 0, 0);
      ctx.restore();
    }
    ctx.restore();
  };
}
