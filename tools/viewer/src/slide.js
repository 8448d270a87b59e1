// The integrity of tissue, cell by cell.
import uPlot from 'uplot';
import { axis, chart, line, onDrag } from './charts.js';
import { ask, askJson, button, colour, download, field, make, number, onKeys, readPlace, writePlace } from './common.js';
import { drawAlone, drawMissing, readPopulation } from './population.js';
import { SlideMap } from './slidemap.js';

const BINS = 80;

export async function showSlide(page, summary) {
  const { n_cells: nCells, n_cycles: nCycles } = summary;
  const there = readPlace();
  const bounded = (value, low, high, usual) => (Number.isFinite(value) && value >= low && value <= high ? value : usual);
  const state = {
    cycle: bounded(parseInt(there.cycle, 10), 1, nCycles, Math.min(2, nCycles)),
    threshold: bounded(parseFloat(there.threshold), -1, 1, summary.threshold),
    cell: null, selection: null, selected: null, values: null, least: null, light: true, cells: true,
  };
  const reasonOf = (cycle) => { const verdict = summary.verdicts?.[cycle - 1] ?? 'ok'; return verdict === 'ok' ? '' : verdict.replaceAll('_', ' '); };
  // What each cycle stained, and which image it is where that says more than its number.
  const stained = (cycle) => (summary.channels?.[cycle - 1] ?? []).join(', ');
  const imageOf = (cycle) => { const name = summary.names[cycle - 1]; return name === `cycle ${cycle}` || summary.channels?.[cycle - 1]?.includes(name) ? '' : name; };
  const nameOf = (cycle) => stained(cycle) || imageOf(cycle);

  // A picture and counts come first; what the page counts with itself, 30 MB for a million cells, comes after they are shown.
  const column = async (cycle) => new Float64Array(await (await ask('column', { cycle })).arrayBuffer());
  const sight = await ask('overview', { cycle: state.cycle, threshold: state.threshold });
  const small = { rows: Number(sight.headers.get('X-Rows')), columns: Number(sight.headers.get('X-Columns')) };
  const seen = { cycle: state.cycle, threshold: state.threshold, counts: JSON.parse(sight.headers.get('X-Counts')),
    classes: new Uint8Array(await sight.arrayBuffer()) };

  let load;
  const loaded = new Promise((resolve) => {
    load = async () => {
      try {
        const [points, picture, both] = await Promise.all([ask('points'), ask('map'), column(seen.cycle)]
          .map(async (each) => { const answer = await each; return answer instanceof Float64Array ? answer : answer.arrayBuffer(); }));
        take(both);
        map.fill(new Float32Array(points), new Int32Array(picture));
        resolve();
        if (state.threshold === seen.threshold && state.cycle === seen.cycle) map.paint(state.values, state.threshold, null);
        else recount();
        map.look();
        page.dataset.loaded = 'yes';
      } catch (error) { complain(error); }
    };
  });

  // elements
  const status = make('p', { role: 'status', id: 'counts' });
  const cycleChoice = make('select', { id: 'cycle', onchange: () => setCycle(Number(cycleChoice.value)) },
    ...summary.names.map((_, k) => make('option', { value: k + 1 }, (nameOf(k + 1) ? `${k + 1}: ${nameOf(k + 1)}` : `cycle ${k + 1}`) + (reasonOf(k + 1) && ' (missing)'))));
  const threshold = make('input', { id: 'threshold', type: 'range', min: -1, max: 1, step: 0.001,
    oninput: () => setThreshold(Number(threshold.value)) });
  const thresholdText = make('output', { for: 'threshold', id: 'threshold-value' });
  const mapPlace = make('div', { class: 'map', role: 'img', 'aria-label': 'Map of the slide; cells can also be picked by their number' });
  const lasso = make('input', { type: 'checkbox', id: 'lasso', onchange: () => map.lasso(lasso.checked) });
  const light = make('input', { type: 'checkbox', checked: true, onchange: () => { state.light = light.checked; draw(); } });
  const dots = make('input', { type: 'checkbox', checked: true, onchange: () => { state.cells = dots.checked; draw(); } });
  const clear = button('Clear selection', 'Count all cells again', () => select(null));
  const id = make('input', { type: 'text', inputmode: 'numeric', size: 10, autocomplete: 'off', id: 'cell-id',
    onchange: () => { pick(id.value.trim()); id.blur(); } });
  const facts = make('dl', { class: 'facts', id: 'facts' });
  const wrong = make('p', { role: 'alert', class: 'wrong', hidden: true });
  const tiles = make('div', { class: 'tiles', id: 'tiles' });
  const curvePlace = make('div', { class: 'chart' }), histogramPlace = make('div', { class: 'chart' });
  // Where the images are, if they are not where they were: asked in one line, answered with a path.
  const place = make('input', { type: 'text', size: 40, autocomplete: 'off', spellcheck: 'false', 'aria-label': 'File, or the folder that it lies in now',
    placeholder: 'file, or the folder that it lies in now', onkeydown: (event) => { if (event.key === 'Enter') look(); } });
  const question = make('span', { id: 'question', class: 'wrong', role: 'alert' });
  const asking = make('p', { class: 'tools', id: 'asking', hidden: true }, question, place, button('Look there', 'Look for the images in this place', () => look()));
  const again = make('code', { id: 'again' });
  const exports = make('p', {},
    button('Kept cells (CSV)', 'Cells that every cycle up to this one kept', () => save('kept', 'kept.csv')), ' ',
    summary.has_labels && button('Kept labels (TIFF)', 'The image of labels with these cells alone', () => save('labels', 'kept.tif')));

  page.append(
    make('header', {}, make('h1', {}, summary.folder), field('Cycle', cycleChoice), status),
    wrong, asking,
    make('div', { class: 'columns' },
      make('section', { 'aria-label': 'Slide' }, mapPlace,
        make('p', { class: 'tools' }, field('Nuclei', light), field('Cells', dots), field('Lasso', lasso), clear,
          make('span', { class: 'key' }, make('i', { class: 'kept' }), 'kept ', make('i', { class: 'lost' }), 'lost ',
            make('i', { class: 'unknown' }), 'unknown ', ...['lost', 'folded', 'moved'].flatMap((kind) => [make('i', { class: `region ${kind}` }), `region ${kind} `])))),
      make('section', { 'aria-label': 'Threshold and cell' },
        make('h2', {}, 'Correlation with the first cycle'), histogramPlace,
        make('p', { class: 'tools' }, field('Threshold', threshold), thresholdText,
          button('As found', summary.threshold_from, () => setThreshold(summary.threshold))), exports,
        make('h2', {}, 'Cell'),
        make('p', { class: 'tools' }, field('Number', id), button('Previous', 'Key p', () => step(-1)),
          button('Next', 'Key n', () => step(1)), button('Random', 'Key r', random), button('Next worst', 'Key w', worst)),
        facts, curvePlace,
        make('p', { class: 'tools small' }, 'This cell again, for whoever has the folder:', again,
          button('Copy', 'Copy the command', () => navigator.clipboard.writeText(again.textContent).catch(complain))))),
    make('section', { 'aria-label': 'Pixels of the cell' }, tiles),
    make('p', { class: 'small' }, `Keys: n next, p previous, r random, w next worst, arrows: cycle. Threshold as found: ${summary.threshold_from}. `
      + (summary.slack ? `Correlations are the best of ${2 * summary.slack + 1} x ${2 * summary.slack + 1} shifts of each cell. ` : '')
      + 'Bands of the chart, and boxes where a cycle stands alone: 5 to 95 and 25 to 75 per cent of all cells, and their median.'));

  // Cycles that lie off by more than nuclei can, as tissue that bends does where matrices were asked for.
  const off = (summary.residuals ?? []).flatMap((residual, k) => (residual && residual.p90_px > 1 && !reasonOf(k + 1)
    ? [`cycle ${k + 1} by ${residual.median_px.toFixed(1)} px in the median, ${residual.p90_px.toFixed(1)} in a tenth of it`] : []));
  if (off.length) page.append(make('p', { class: 'small', id: 'off' }, `Still off after registration: ${off.join('; ')}. Tissue that bends is registered by --register piecewise.`));

  // map and charts
  const map = new SlideMap(mapPlace, summary, small, async (x, y) => {
    open('at', { x, y });
  }, async (ring) => { await loaded; select(map.inside(ring)); });

  const edges = Array.from({ length: BINS }, (_, i) => -1 + (2 * (i + 0.5)) / BINS);
  const histogram = chart(histogramPlace, {
    height: 170, scales: { x: { time: false, range: [-1, 1] }, y: { range: (u, low, high) => [0, high || 1] } },
    axes: [axis('correlation'), axis('cells', { size: 78, values: (u, ticks) => ticks.map((t) => t.toLocaleString('en')) })],
    series: [{}, { paths: uPlot.paths.bars({ size: [1] }), fill: () => colour('--lost'), points: { show: false } },
      { paths: uPlot.paths.bars({ size: [1] }), fill: () => colour('--kept'), points: { show: false } }],
    hooks: { draw: [line(() => state.threshold, '--text')] },
  }, [edges, edges.map(() => 0), edges.map(() => 0)]);
  onDrag(histogram, (value) => setThreshold(Math.min(1, Math.max(-1, value))));

  const population = readPopulation(summary, reasonOf), { cycles, bands } = population;
  Object.assign(curvePlace.dataset, { alone: population.alone, missing: population.missing });
  const curve = chart(curvePlace, {
    height: 200, scales: { x: { time: false, range: [0.8, nCycles + 0.2] }, y: { range: (u, low) => [Math.min(-0.1, low - 0.05), 1.03] } },
    axes: [axis('cycle', { incrs: [1, 2, 5, 10, 20] }), axis('correlation', { size: 48 })],
    series: [{}, ...bands.map((_, i) => ({ stroke: () => colour('--population'), width: i === 4 ? 2 : 0, dash: i === 4 ? [6, 4] : [], points: { show: false } })),
      { stroke: () => colour('--text'), width: 2, points: { size: 8, fill: () => colour('--text') } }],
    bands: [{ series: [2, 1], fill: () => colour('--band-wide') }, { series: [4, 3], fill: () => colour('--band') }],
    hooks: { drawAxes: [drawMissing(population), drawAlone(population)], draw: [line(() => state.cycle, '--accent')] },
  }, [cycles, ...bands, cycles.map(() => null)]);
  onDrag(curve, (value) => setCycle(Math.min(nCycles, Math.max(1, Math.round(value)))));

  function complain(error) {
    wrong.textContent = error ? error.message : '';
    wrong.hidden = !error;
  }

  function draw() {
    map.draw({ cycle: state.cycle, chosen: state.cell, light: state.light, cells: state.cells });
  }

  function recount() {
    if (!state.values) return void loaded.then(recount);
    const lost = new Float64Array(BINS), kept = new Float64Array(BINS);
    let n = 0, nThrough = 0, nUnknown = 0;
    for (let i = 0; i < nCells; i++) {
      if (state.selection && !state.selection[i]) continue;
      n++;
      const value = state.values[i];
      if (state.least[i] >= state.threshold) nThrough++;
      if (Number.isNaN(value)) { nUnknown++; continue; }
      const bin = Math.min(BINS - 1, Math.max(0, Math.floor(((value + 1) / 2) * BINS)));
      if (value >= state.threshold) kept[bin]++; else lost[bin]++;
    }
    tellCounts({ n, kept, lost, through: nThrough, unknown: nUnknown });
    map.paint(state.values, state.threshold, state.selection);
    draw();
  }

  function tellCounts({ n, kept, lost, through: nThrough, unknown: nUnknown }) {
    const nKept = kept.reduce((sum, count) => sum + count, 0);
    const share = (count) => `${count.toLocaleString('en')} (${n ? ((100 * count) / n).toFixed(1) : '0.0'} %)`;
    status.textContent = `${state.selection ? 'Of the selected ' : 'Of '}${n.toLocaleString('en')} ${n === 1 ? 'cell' : 'cells'} cycle ${state.cycle} `
      + `kept ${share(nKept)}, all cycles up to it ${share(nThrough)}; unknown: ${nUnknown.toLocaleString('en')}.`;
    Object.assign(status.dataset, { kept: nKept, through: nThrough, unknown: nUnknown, cells: n });
    histogram.setData([edges, Array.from(lost), Array.from(kept)]);
  }

  async function setCycle(cycle) {
    if (cycle === state.cycle) return;
    state.cycle = cycle;
    await loaded;
    const both = await column(cycle);
    if (state.cycle !== cycle) return;
    take(both);
    showCycle(cycle);
    recount();
  }

  const take = (both) => { [state.values, state.least, state.worst] = [both.subarray(0, nCells), both.subarray(nCells), -1]; };

  function showCycle(cycle) {
    cycleChoice.value = cycle;
    mark();
    curve.redraw();
    tell();
    for (const tile of tiles.children) tile.toggleAttribute('aria-current', Number(tile.dataset.cycle) === cycle);
  }

  let waiting = 0;
  function setThreshold(value) {
    state.threshold = value;
    threshold.value = value;
    thresholdText.textContent = value.toFixed(3);
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => { recount(); mark(); tell(); });
  }

  function select(rows) {
    state.selected = rows;
    state.selection = null;
    if (rows) { state.selection = new Uint8Array(nCells); for (const row of rows) state.selection[row] = 1; }
    clear.disabled = !rows;
    state.worst = -1;
    recount();
  }

  async function save(name, file) {
    try {
      const body = state.selected ? { rows: state.selected } : undefined;
      await download(await ask(name, { cycle: state.cycle, threshold: state.threshold }, body), file);
      complain(null);
    } catch (error) { complain(error); }
  }

  function tell() {
    writePlace({ cell: state.cell?.cell, cycle: state.cycle, threshold: state.threshold });
    again.textContent = `holdstill view "${summary.folder}${location.hash}"`;
  }

  // cells
  let asked = {};
  const rowsNow = () => state.selected ?? null;
  function step(by) {
    const rows = rowsNow(), now = asked.row ?? state.cell?.row; // of fast keys each goes on from what the last one asked for
    if (!rows) return pickRow((((now ?? -by) + by) % nCells + nCells) % nCells);
    const found = rows.indexOf(now), at = found < 0 && by < 0 ? rows.length : found;
    return rows.length ? pickRow(rows[((at + by) % rows.length + rows.length) % rows.length]) : undefined;
  }
  function random() {
    const rows = rowsNow();
    if (rows && !rows.length) return undefined;
    return pickRow(rows ? rows[Math.floor(Math.random() * rows.length)] : Math.floor(Math.random() * nCells));
  }
  // The cell after this one in the order of correlations, which one look over all of them finds sooner than sorting does.
  async function worst() {
    await loaded;
    const { values, selection } = state;
    const least = (from, fromRow) => {
      let best = -1;
      for (let i = 0; i < nCells; i++) {
        const value = values[i];
        if ((selection && !selection[i]) || !(value > from || (value === from && i > fromRow))) continue;
        if (best < 0 || value < values[best]) best = i;
      }
      return best;
    };
    const at = state.worst ?? -1;
    let row = at < 0 ? least(-Infinity, -1) : least(values[at], at);
    if (row < 0) row = least(-Infinity, -1);
    state.worst = row;
    return row < 0 ? undefined : pickRow(row);
  }

  async function pick(name) {
    return open('cell', { id: name });
  }
  const pickRow = (row) => open('cell', { row });

  // What is known of a cell and its pixels are asked for at once: neither waits for the other.
  // Of several that are under way the last that was asked for is shown.
  async function open(name, query) {
    const mine = asked = query;
    const pixels = askJson('tiles', query);
    pixels.catch(() => {}); // told by the other, or when it is awaited
    try {
      const cell = await askJson(name, query);
      if (mine === asked) { asked = {}; show(cell, pixels); }
    } catch (error) { if (mine === asked) { asked = {}; complain(error); } }
  }

  function show(cell, pixels) {
    complain(null);
    state.cell = cell;
    id.value = cell.cell;
    curve.setData([cycles, ...bands, cell.correlation_first]);
    mark();
    tell();
    fill(cell, pixels).then(draw); // where WebGL is software the map takes longer to draw than all pictures
  }

  // Frames for the pixels are kept from cell to cell: the page does not jump, and only pictures change.
  const views = ['contrast of the first cycle', 'contrast of its own'];
  tiles.append(...cycles.map((cycle) => make('figure', { 'data-cycle': cycle },
    make('figcaption', { title: imageOf(cycle) || null }, make('b', {}, `${cycle}`), nameOf(cycle) && ` ${nameOf(cycle)}`),
    make('div', { class: 'pair' }), make('p', { class: 'verdict' }))));

  async function fill(cell, pixels) {
    tiles.dataset.cell = '';
    try {
      for (let begin = 1; begin <= nCycles;) {
        const told = await (begin === 1 ? pixels : askJson('tiles', { id: cell.cell, from: begin }));
        if (state.cell !== cell) return;
        tiles.style.setProperty('--outline', told.outline ? `url(${told.outline})` : 'none');
        askFor(told.asks);
        told.tiles.forEach((tile, k) => put(cell, begin + k, tile));
        begin += told.tiles.length;
      }
      tiles.dataset.cell = cell.cell;
    } catch (error) { complain(error); }
  }

  function askFor(lines) {
    question.textContent = lines[0] ?? '';
    asking.hidden = !lines.length;
  }

  async function look() {
    try {
      const told = await askJson('place', {}, { place: place.value });
      complain(null);
      place.value = '';
      askFor(told.asks);
      if (state.cell) fill(state.cell, askJson('tiles', { id: state.cell.cell }));
    } catch (error) { complain(error); }
  }

  function put(cell, cycle, tile) {
    const pair = tiles.children[cycle - 1].querySelector('.pair');
    const reason = tile.error ? 'cannot be read' : reasonOf(cycle) && (reasonOf(cycle) === 'blank' ? 'missing: shows nothing (blank)' : `missing: not registered (${reasonOf(cycle)})`);
    pair.replaceChildren(...(reason ? [make('span', { class: 'none', title: tile.error ?? 'Where its pixels lie is not known' }, reason)]
      : [tile.first, tile.own].map((src, k) => make('span', { class: 'tile', title: views[k] },
        make('img', { src, alt: `Cell ${cell.cell} in cycle ${cycle}, ${views[k]}` })))));
  }

  // Words beside the colours, so that nobody needs to see red from green.
  function mark() {
    if (!state.cell) return;
    const { cell } = state;
    for (const tile of tiles.children) {
      const value = cell.correlation_first[tile.dataset.cycle - 1];
      const verdict = value === null ? 'unknown' : value >= state.threshold ? 'kept' : 'lost';
      tile.className = verdict;
      tile.toggleAttribute('aria-current', Number(tile.dataset.cycle) === state.cycle);
      const unknown = reasonOf(Number(tile.dataset.cycle)) ? 'unknown' : 'no signal, or not shown';
      tile.querySelector('.verdict').textContent = value === null ? unknown : `${verdict}  r = ${number(value)}`;
    }
    const lost = cell.correlation_first.findIndex((value, k) => !(value >= state.threshold) && cell.mean[k] !== null && !reasonOf(k + 1));
    const rows = [['number', cell.cell], ['area', `${cell.area.toLocaleString('en')} px`], ['at y, x', `${number(cell.y, 1)}, ${number(cell.x, 1)} px`],
      ['first lost', cell.correlation_first[0] === null ? 'unknown' : lost < 0 ? 'never' : `in cycle ${lost + 1}`],
      [`in cycle ${state.cycle}`, `r = ${number(cell.correlation_first[state.cycle - 1], 4)}, with the previous ${number(cell.correlation_previous[state.cycle - 1], 4)}`]];
    const [what, image] = [stained(state.cycle), imageOf(state.cycle)];
    if (what) rows.push(['stained in it', what]);
    if (image) rows.push(['image of it', image]);
    facts.replaceChildren(...rows.flatMap(([name, value]) => [make('dt', {}, name), make('dd', {}, value)]));
  }

  onKeys({ n: () => step(1), p: () => step(-1), r: random, w: worst,
    ArrowRight: () => setCycle(Math.min(nCycles, state.cycle + 1)), ArrowLeft: () => setCycle(Math.max(1, state.cycle - 1)) });
  addEventListener('hashchange', () => {
    const named = readPlace(), cycle = bounded(parseInt(named.cycle, 10), 1, nCycles, state.cycle);
    setThreshold(bounded(parseFloat(named.threshold), -1, 1, state.threshold));
    setCycle(cycle);
    if (named.cell && named.cell !== state.cell?.cell) pick(named.cell);
  });

  clear.disabled = true;
  threshold.value = state.threshold;
  thresholdText.textContent = state.threshold.toFixed(3);
  const cell = there.cell ? pick(there.cell) : pickRow(0);
  tellCounts({ n: nCells, ...seen.counts });
  map.paintClasses(seen.classes);
  showCycle(seen.cycle);
  askFor(summary.asks);
  draw();
  await cell;
  requestAnimationFrame(() => setTimeout(load)); // once what is there was drawn
}
