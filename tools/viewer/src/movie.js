// A movie raw and corrected: side by side, over each other, in turns, as a difference, behind a divider.
import { axis, chart, cursor, digits, onDrag, reach } from './charts.js';
import { ask, askJson, button, colour, download, field, make, number, onKeys, readPlace, unpack, writePlace } from './common.js';
import { drawOver, lengthen } from './overlay.js';
import { Sight } from './sight.js';

const MODES = { side: 'Side by side', overlay: 'Overlay', flicker: 'Flicker', difference: 'Difference', divider: 'Divider' };
const KEPT = 48, FLICKER_MS = 350, PLAY_MS = 66, OTHERS_MS = 2000, OUTLINE = 0xff0ad6ff, DIVIDER_STEP = 0.02;

// One of the places where a frame may lie: its shift, and how likely it is beside the best one.
function tellPlace(place, k) {
  const percent = 100 * Math.exp(place.log_likelihood);
  const less = percent >= 1 ? `${percent.toFixed(0)} % as likely` : `10^${Math.round(place.log_likelihood / Math.LN10)} as likely`;
  return `${place.parameters.map((value) => number(value, 2)).join(', ')} px, correlation ${number(place.score, 2)}, ${k ? less : 'the likeliest'}`;
}

// A whole number of an address that is one of so many; the nearest one of others, undefined for anything else.
function parseNumber(text, count) {
  return /^-?\d+$/.test(text ?? '') && count > 0 ? Math.min(count - 1, Math.max(0, Number(text))) : undefined;
}

export async function showMovie(page, summary) {
  const { n_frames: n, views } = summary;
  const both = views.includes('corrected'), hasResult = summary.has_result;
  const depth = summary.shape.length === 3 ? summary.shape[0] : 0;
  const place = readPlace();
  const nameOf = (view) => summary.names[view] ?? view;
  // what the result says of all frames comes beside the first pictures
  let known = null, flagged = [];
  const state = {
    frame: parseNumber(place.frame, n) ?? 0, channel: parseNumber(place.channel, summary.n_channels) ?? 0, z: parseNumber(place.z, depth) ?? Math.floor(depth / 2),
    mode: both ? (Object.hasOwn(MODES, place.mode) ? place.mode : 'side') : 'single', divider: 0.5, odd: false, playing: false, shown: -1,
  };
  let [low, high] = summary.limits[state.channel];
  const sight = new Sight(summary.shape.slice(-2), summary.factor);
  sight.fromText(place.at);
  const cache = new Map();

  // elements
  const screen = make('div', { class: 'screen', id: 'screen' });
  const slider = make('input', { type: 'range', class: 'scrub', id: 'frame', min: 0, max: n - 1, step: 1, 'aria-label': 'Frame',
    oninput: () => go(Number(slider.value)) });
  const told = make('p', { role: 'status', id: 'told', class: 'place' });
  const wrong = make('p', { role: 'alert', class: 'wrong', hidden: true });
  const modes = make('span', { class: 'bar', role: 'group', 'aria-label': 'How both are shown' },
    ...Object.entries(MODES).map(([key, text]) => make('button', { type: 'button', 'data-mode': key, onclick: () => setMode(key) }, text)));
  const limit = (id, value, set) => make('input', { type: 'number', id, step: 'any', value: Number(value.toPrecision(4)),
    onchange: (event) => { if (Number.isFinite(event.target.valueAsNumber)) { set(event.target.valueAsNumber); forget(); } } });
  const lowField = limit('low', low, (value) => { low = value; }), highField = limit('high', high, (value) => { high = value; });
  const channel = summary.n_channels > 1 && make('select', { id: 'channel', onchange: () => setChannel(Number(channel.value)) },
    ...Array.from({ length: summary.n_channels }, (_, c) => make('option', { value: c, selected: c === state.channel }, summary.channel_names[c] ?? `channel ${c}`)));
  const plane = depth > 0 && make('input', { type: 'range', id: 'z', min: 0, max: depth - 1, value: state.z,
    oninput: () => { state.z = Number(plane.value); forget(); } });
  const planeField = plane && field('Plane z', plane);
  const planeTold = make('output', { for: 'z', class: 'place' });
  if (planeField) planeField.append(planeTold);
  const play = button('Play', 'Key space', () => setPlaying(!state.playing));
  const driftPlace = make('div', { class: 'chart' });
  const flags = button('Next flagged', 'Key f; shift and f for the previous one', () => flag(1));
  flags.disabled = true;
  const judging = hasResult && both && button('Refuse this frame', 'Key r', () => judge());
  const places = make('select', { id: 'place', title: 'Other places where this frame may lie', onchange: () => judge({ candidate: places.value === '' ? null : Number(places.value) }) });
  const placeField = field('Place', places);
  placeField.hidden = true;
  const saving = hasResult && both && button('Save result', 'drift.json with what was judged by hand, for holdstill apply', save);
  if (saving) saving.disabled = true;
  const dividing = make('input', { type: 'range', id: 'divider', min: 0, max: 100, step: 1, value: 50, oninput: () => divide(Number(dividing.value) / 100) });
  const dividerField = field('Divider', dividing);
  const layers = [['points', 'Points', summary.drawn.points], ['labels', 'Labels', summary.drawn.labels], ['vectors', 'Motion', hasResult]]
    .filter(([, , there]) => there).map(([name, text]) => [name, text, make('input', { type: 'checkbox', id: `show-${name}`, checked: name !== 'vectors', onchange: () => show() })]);
  const isOn = (name) => layers.some(([each, , box]) => each === name && box.checked);
  const look = (change) => { change(); show(); };
  const zooming = [button('+', 'Larger: key +, or the wheel', () => look(() => sight.zoom(2))), button('−', 'Smaller: key -', () => look(() => sight.zoom(0.5))),
    button('Whole', 'The whole frame: key 0', () => look(() => sight.whole()))];
  // corners are px of the reference, which is where a mask counts; `stroke` is being drawn, in px of what it is drawn on
  const polygons = [];
  const isPlaced = hasResult;
  let drawing = false, stroke = null, onFrame = { key: '', rings: [] };
  const mask = button('Draw a mask', 'Draw round what counts; then save it for --mask', () => setDrawing(!drawing));
  mask.setAttribute('aria-pressed', 'false');
  const saveMask = button('Save mask', 'mask.tif, for --mask', async () => { await tryTo(async () => download(await ask('mask', {}, { polygons }), 'mask.tif')); });
  const clearMask = button('Clear mask', 'Forget what was drawn', () => { polygons.length = 0; setDrawing(drawing); show(); });
  const hint = make('span', { class: 'small', hidden: true }, 'The mask lies where corrected frames lie: give it with --reference first, or the number of a frame. A learned template lies in the middle of the motion.');
  const addSeen = button('Add what is seen', 'The part that is seen becomes part of the mask: key b', () => addRing(both ? 'corrected' : 'raw', ringOfSight()));

  page.append(
    make('header', {}, make('h1', {}, summary.name), told), wrong,
    make('p', { class: 'tools' }, both ? modes : null, both ? dividerField : null, play, hasResult ? flags : null,
      channel ? field('Channel', channel) : null, planeField || null, field('Black', lowField), field('White', highField),
      button('Auto', 'Black and white as the movie asks for', () => setLimits(...summary.limits[state.channel]))),
    make('p', { class: 'tools' }, judging || null, judging ? placeField : null, saving || null, mask, addSeen, saveMask, clearMask, make('span', { class: 'bar', role: 'group', 'aria-label': 'Size' }, ...zooming),
      ...layers.map(([, text, box]) => field(text, box)), make('span', { id: 'advice', class: 'small' }), hint),
    screen, make('p', { class: 'small', id: 'part' }), slider, driftPlace,
    make('p', { class: 'small' }, `${n.toLocaleString('en')} ${n === 1 ? 'frame' : 'frames'} of ${summary.shape.join(' x ')} px, ${summary.dtype}. `
      + `Keys: ${[n > 1 && 'arrows frame by frame, space play', hasResult && 'f next flagged frame, F the previous one', judging && 'r refuses or accepts a frame', both && 'm another way to show both, comma and period move the divider', 'b adds what is seen to the mask'].filter(Boolean).join(', ')}, `
      + '+ and - larger and smaller, 0 whole, w a s d another part; the wheel and a drag do the same. '
      + (both ? ` Overlay: ${nameOf('raw')} magenta, ${nameOf('corrected')} green, grey where both agree.` : '') + tellWritten()));

  let drift = null, moveCursor = () => {};
  const names = summary.shape.length === 3 ? ['z', 'y', 'x'] : ['y', 'x'];
  // times, then the shifts along each axis
  const series = () => [Float64Array.from({ length: n }, (_, t) => t), ...names.map((_, i) => known.shifts.filter((_, k) => k % names.length === i))];
  // the space that the plot of the drift will take, so that nothing moves when it comes
  if (hasResult) driftPlace.style.minHeight = '190px';

  function drawDrift() {
    const tones = ['--lost', '--accent', '--kept'].slice(-names.length);
    const marks = (made) => {
      made.ctx.save();
      made.ctx.fillStyle = colour('--lost');
      for (const t of flagged) {
        const x = made.valToPos(t, 'x', true);
        made.ctx.fillRect(x - devicePixelRatio, made.bbox.top + made.bbox.height - 8 * devicePixelRatio, 2 * devicePixelRatio, 8 * devicePixelRatio);
      }
      made.ctx.restore();
    };
    drift = chart(driftPlace, {
      height: 190, scales: { x: { time: false, range: [-0.5, n - 0.5] }, y: { range: (_, low, high) => reach(low, high, 0.01) } }, axes: [axis('frame', { incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 50000] }), axis('shift, px', { size: 56, values: digits })],
      series: [{}, ...names.map((name, i) => ({ label: name, stroke: () => colour(tones[i]), width: 1.5, dash: i ? [] : [7, 3], points: { show: n < 60, size: 5 } }))],
      hooks: { draw: [marks, () => moveCursor()] },
    }, series());
    const move = cursor(drift, '--text');
    moveCursor = () => move(state.frame);
    moveCursor();
    onDrag(drift, (value) => go(Math.min(n - 1, Math.max(0, Math.round(value)))));
    driftPlace.after(make('p', { class: 'key' }, ...names.flatMap((name, i) => [make('i', { style: `background: var(${tones[i]})` }), name])));
  }

  // pixels
  function fetchFrame(view, t) {
    const query = { view, t, channel: state.channel, low, high, ...(depth ? { z: state.z } : {}), ...sight.region };
    const key = Object.values(query).join(' ');
    if (!cache.has(key)) {
      const coming = ask('frame', query).then(async (answer) => ({
        rows: Number(answer.headers.get('X-Rows')), columns: Number(answer.headers.get('X-Columns')), pixels: new Uint8Array(await answer.arrayBuffer()),
      }));
      cache.set(key, coming);
      coming.catch(() => cache.delete(key));
      while (cache.size > KEPT) cache.delete(cache.keys().next().value);
    }
    return cache.get(key);
  }

  // What is drawn over the pixels of frame t: only what is switched on is asked for.
  async function fetchDrawn(views, t) {
    const region = sight.region, drawn = { region }, query = { t, ...(depth ? { z: state.z } : {}), ...region };
    const wanted = [];
    if (isOn('points') || isOn('vectors')) {
      wanted.push(askJson('drawn', isOn('vectors') ? { ...query, vectors: 1 } : query).then((told) => {
        if (isOn('points')) drawn.points = told;
        if (isOn('vectors')) drawn.vectors = told.vectors;
      }));
    }
    if (polygons.length) {
      drawn.rings = { raw: polygons, corrected: polygons };
      if (isPlaced && views.includes('raw')) wanted.push(ringsOnFrame(t).then((rings) => { drawn.rings.raw = rings; }));
    }
    if (isOn('labels')) {
      drawn.outlines = {};
      wanted.push(...views.map(async (view) => { drawn.outlines[view] = new Uint8Array(await (await ask('outlines', { ...query, view })).arrayBuffer()); }));
    }
    await Promise.all(wanted);
    return drawn;
  }

  async function placeRings(rings, t, on_frame) {
    return (await askJson('place', { t, ...(depth ? { z: state.z } : {}) }, { polygons: rings, on_frame })).polygons;
  }

  // The regions as frame t shows them; asked for once.
  async function ringsOnFrame(t) {
    const key = `${t} ${state.z} ${JSON.stringify(polygons)}`;
    if (onFrame.key !== key) onFrame = { key, rings: await placeRings(polygons, t, true) };
    return onFrame.rings;
  }

  // What a corrected file lacks of the movie.
  function tellWritten() {
    const { box, n_frames } = summary.written ?? {};
    if (!box) return '';
    const axes = ['planes', 'rows', 'columns'].slice(-box.length);
    const sides = box.map(([start, stop], i) => `${axes[i]} ${start} to ${stop - 1}`);
    return ` The corrected file holds ${sides.join(', ')} of ${n_frames === n ? 'each frame' : `${n_frames.toLocaleString('en')} frames`}; elsewhere it is black here.`;
  }

  function tellPart({ region, points, vectors }, { rows, columns }) {
    const [height, width] = [rows * region.factor, columns * region.factor];
    let text = sight.isWhole ? '' : `Rows ${region.y} to ${region.y + height - 1}, columns ${region.x} to ${region.x + width - 1}. `;
    if (region.factor > 1) text += `Each pixel is the mean of ${region.factor} x ${region.factor}. `;
    if (vectors) text += `Arrows point from where a place of the reference lies to where the frame shows it${lengthen(vectors) > 1 ? `, ${lengthen(vectors)} times as long` : ''}. `;
    if (points?.left_out) text += `${points.left_out} points are not drawn. `;
    page.querySelector('#part').textContent = text;
  }

  function forget() {
    cache.clear();
    show();
  }

  const mixers = {
    overlay: (a, b) => [a, b, a],
    difference: (a, b) => { const d = b - a; return [128 + d / 2, 128 + d / 2, 128 + d / 2]; },
  };

  // `at` is where a divider stands: left of it everything is of the raw frame.
  function paint(canvas, view, { rows, columns }, colourAt, drawn, at = 0) {
    canvas.width = columns;
    canvas.height = rows;
    const room = canvas.closest('figure').clientWidth, fit = Math.min(room / columns, (0.6 * innerHeight) / rows);
    const times = fit > 1 ? Math.floor(fit) : fit; // whole pixels where there is room
    canvas.style.width = `${Math.floor(columns * times)}px`;
    const context = canvas.getContext('2d'), image = context.createImageData(columns, rows);
    const words = new Uint32Array(image.data.buffer), outline = drawn.outlines?.[view], left = drawn.outlines?.raw, { region } = drawn;
    for (let i = 0; i < words.length; i++) words[i] = (at && i % columns < at ? left : outline)?.[i] ? OUTLINE : colourAt(i);
    context.putImageData(image, 0, 0);
    context.lineWidth = Math.max(1, columns / 300);
    context.strokeStyle = '#ffd60a';
    const column = (x) => (x + 0.5 - region.x) / region.factor;
    const parts = at ? [['raw', 0, at], [view, at, columns]] : [[view, 0, columns]];
    for (const [shown, from, to] of parts) {
      context.save();
      context.beginPath();
      context.rect(from, 0, to - from, rows);
      context.clip();
      for (const ring of [...(drawn.rings?.[shown] ?? []), ...(stroke?.view === shown ? [stroke.ring] : [])]) {
        context.beginPath();
        for (const [y, x] of ring) context.lineTo(column(x), (y + 0.5 - region.y) / region.factor);
        context.closePath();
        context.stroke();
      }
      context.restore();
    }
    canvas.parentElement.querySelector('svg')?.remove();
    const points = parts.flatMap(([shown, from, to]) => (drawn.points?.[shown] ?? []).filter(([, x]) => !at || (column(x) >= from && column(x) < to)));
    if (drawn.points || drawn.vectors) canvas.after(drawOver(region, canvas, { points, vectors: drawn.vectors }));
    canvas.region = region;
    if (drawing) follow(canvas, view, at);
  }

  // Where on the frame the pointer is, px.
  function find(canvas, event) {
    const box = canvas.getBoundingClientRect(), { y, x, factor } = canvas.region;
    return [y + ((event.clientY - box.top) / box.height) * canvas.height * factor - 0.5, x + ((event.clientX - box.left) / box.width) * canvas.width * factor - 0.5];
  }

  screen.addEventListener('wheel', (event) => {
    if (!event.target.region) return;
    event.preventDefault();
    // of what is asked for, not of the picture, which comes later
    const box = event.target.getBoundingClientRect();
    const at = { y: sight.y + ((event.clientY - box.top) / box.height) * sight.height, x: sight.x + ((event.clientX - box.left) / box.width) * sight.width };
    look(() => sight.zoom(event.deltaY < 0 ? 1.25 : 0.8, at));
  }, { passive: false });
  let held = null;
  screen.addEventListener('pointerdown', (event) => {
    const canvas = event.target;
    if (!canvas.region || drawing || state.mode === 'divider' || sight.isWhole) return;
    canvas.setPointerCapture(event.pointerId);
    held = { at: [event.clientY, event.clientX], from: [sight.y, sight.x], scale: (canvas.height * canvas.region.factor) / canvas.clientHeight };
  });
  screen.addEventListener('pointermove', (event) => {
    if (!held || !(event.buttons & 1)) return;
    const [down, right] = [event.clientY - held.at[0], event.clientX - held.at[1]];
    look(() => sight.move(held.from[0] - down * held.scale, held.from[1] - right * held.scale, sight.height, sight.width));
  });
  screen.addEventListener('pointerup', () => { held = null; });

  // Draw round a region with the pointer pressed.
  function follow(canvas, view, at) {
    canvas.onpointerdown = (event) => {
      canvas.setPointerCapture(event.pointerId);
      const box = canvas.getBoundingClientRect(), isLeft = ((event.clientX - box.left) / box.width) * canvas.width < at;
      stroke = { view: isLeft ? 'raw' : view, t: state.frame, ring: [find(canvas, event)] };
    };
    canvas.onpointermove = (event) => { if (event.buttons & 1 && stroke) { stroke.ring.push(find(canvas, event)); show(); } };
    canvas.onpointerup = async () => {
      const drawn = stroke;
      stroke = null;
      if (drawn?.ring.length > 2) await addRing(drawn.view, drawn.ring, drawn.t);
      else show();
    };
  }

  // A region that was drawn on a frame, or on the corrected one, which lies as the reference does.
  async function addRing(view, ring, t = state.frame) {
    await tryTo(async () => { polygons.push(...(isPlaced && view === 'raw' ? await placeRings([ring], t, false) : [ring])); });
    setDrawing(drawing);
  }

  function ringOfSight() {
    const { y, x, factor, rows, columns } = sight.region, [top, left, bottom, right] = [y, x, y + rows * factor, x + columns * factor].map((edge) => edge - 0.5);
    return [[top, left], [top, right], [bottom, right], [bottom, left]];
  }

  function setDrawing(wanted) {
    drawing = wanted;
    mask.setAttribute('aria-pressed', wanted);
    saveMask.disabled = clearMask.disabled = !polygons.length;
    hint.hidden = !polygons.length || !isPlaced;
    screen.classList.toggle('drawing', wanted);
    if (!wanted) for (const canvas of screen.querySelectorAll('canvas')) canvas.onpointerdown = canvas.onpointermove = canvas.onpointerup = null;
    show();
  }

  async function tryTo(work) {
    try {
      wrong.hidden = true;
      await work();
    } catch (error) {
      wrong.textContent = error.message;
      wrong.hidden = false;
    }
  }

  // Other pages of the same result, in whatever browser: what is judged in one of them is known to all.
  async function followOthers() {
    let isServed = true;
    while (isServed) {
      await new Promise((done) => setTimeout(done, OTHERS_MS));
      if (document.hidden) continue;
      try {
        if ((await askJson('times')).judged !== known.judged) renew(await askJson('drift'));
      } catch { isServed = false; } // the command was ended
    }
  }

  function renew(told) {
    takeIn(told);
    drift?.setData(series());
    forget();
  }

  async function judge(said = { accept: known?.verdicts[state.frame] !== 'ok' }) {
    if (!known || (said.accept && known.unfounded.has(state.frame))) return;
    await tryTo(async () => {
      renew(await askJson('judge', {}, { frame: state.frame, ...said }));
    });
  }

  // What the result says now.
  function takeIn(told) {
    known = { ...told, unfounded: new Set(told.without_estimate) };
    for (const name of ['shifts', 'errors', 'scores']) known[name] = unpack(told[name]);
    flagged = known.verdicts.flatMap((verdict, t) => (verdict === 'ok' ? [] : [t]));
    flags.textContent = `Next flagged (${flagged.length})`;
    flags.disabled = !flagged.length;
    if (saving) saving.disabled = !known.is_changed;
  }

  async function save() {
    await tryTo(async () => download(await ask('result'), 'judged.drift.json'));
  }

  const grey = (value) => 0xff000000 | (value * 0x010101);
  const rgb = ([r, g, b]) => (0xff000000 | (b << 16) | (g << 8) | r) >>> 0;

  function canvases(names) {
    if (screen.dataset.names === names.join()) return screen.querySelectorAll('canvas');
    screen.dataset.names = names.join();
    screen.replaceChildren(...names.map((name) => make('figure', {}, make('div', { class: 'layers' }, make('canvas', { 'aria-label': name, role: 'img' })),
      make('p', { class: 'missing', hidden: true }), make('figcaption', {}, name))));
    return screen.querySelectorAll('canvas');
  }

  // A frame in a figure of its own; where it cannot be had, why.
  function paintOrTell(canvas, view, frame, drawn) {
    const figure = canvas.closest('figure'), missing = figure.querySelector('.missing');
    missing.hidden = !frame.error;
    canvas.parentElement.hidden = Boolean(frame.error);
    if (frame.error) missing.textContent = frame.error.message;
    else paint(canvas, view, frame, (k) => grey(frame.pixels[k]), drawn);
  }

  function tellWrong(error) {
    wrong.textContent = error?.message ?? '';
    wrong.hidden = !error;
  }

  // The raw frame alone, which is there before what corrects it is loaded.
  async function showFirst(raw) {
    const [left, right] = canvases(['raw', 'corrected'].map(nameOf)), drawn = { region: sight.region };
    paint(left, 'raw', raw, (k) => grey(raw.pixels[k]), drawn);
    paint(right, 'corrected', raw, () => 0, drawn);
    page.dataset.painted = 'yes';
    await new Promise((done) => { requestAnimationFrame(() => setTimeout(done)); setTimeout(done, 100); }); // a hidden page has no frames
  }

  let latest = 0;
  async function show() {
    const number_ = ++latest, t = state.frame, mode = state.mode;
    describe();
    const needed = mode === 'single' ? ['raw'] : ['raw', 'corrected'];
    if (state.shown < 0) {
      // asked for alone: what corrects frames takes a second to load, and the raw one would wait beside it
      const raw = await fetchFrame('raw', t).catch(() => null);
      if (raw && mode === 'side' && number_ === latest) await showFirst(raw);
      if (number_ !== latest) return;
    }
    const [drawn, ...frames] = await Promise.all([fetchDrawn(needed, t).catch((error) => ({ region: sight.region, error })),
      ...needed.map((view) => fetchFrame(view, t).catch((error) => ({ error })))]);
    if (number_ !== latest) return;
    const there = frames.filter((frame) => !frame.error);
    tellWrong(drawn.error ?? frames.find((frame) => frame.error)?.error);
    if (!there.length || (there.length < frames.length && mode !== 'side')) {
      screen.replaceChildren();
      delete screen.dataset.names;
      return;
    }
    tellPart(drawn, there[0]);
    const [raw, corrected] = frames;
    if (mode === 'single' || mode === 'side') {
      const shown = canvases(mode === 'single' ? ['movie'] : needed.map(nameOf));
      frames.forEach((frame, i) => paintOrTell(shown[i], needed[i], frame, drawn));
    } else if (mode === 'flicker') {
      const chosen = state.odd ? corrected : raw;
      paint(canvases([`${nameOf('raw')} and ${nameOf('corrected')} in turn`])[0], state.odd ? 'corrected' : 'raw', chosen, (k) => grey(chosen.pixels[k]), drawn);
    } else if (mode === 'divider') {
      const [canvas] = canvases([`${nameOf('raw')} on the left, ${nameOf('corrected')} on the right`]);
      canvas.classList.add('divided');
      canvas.onpointerdown = canvas.onpointermove = (event) => {
        if (!(event.buttons & 1)) return;
        const box = canvas.getBoundingClientRect();
        divide((event.clientX - box.left) / box.width);
      };
      const at = Math.round(state.divider * raw.columns);
      canvas.dataset.at = at;
      paint(canvas, 'corrected', raw, (k) => { const x = k % raw.columns; return x === at ? 0xff0ad6ff : grey((x < at ? raw : corrected).pixels[k]); }, drawn, at);
    } else {
      const mix = mixers[mode];
      const [first, second] = ['raw', 'corrected'].map(nameOf);
      const name = mode === 'overlay' ? `${first} magenta, ${second} green` : `${second} minus ${first}: grey where equal`;
      paint(canvases([name])[0], 'corrected', raw, (k) => rgb(mix(raw.pixels[k], corrected.pixels[k])), drawn);
    }
    page.dataset.painted = 'yes';
    screen.dataset.mode = mode;
    screen.dataset.frame = t;
    const follows = t === state.shown + 1;
    state.shown = t;
    // who goes frame by frame wants the next one; who jumps does not
    for (const view of needed) if (follows && t + 1 < n) fetchFrame(view, t + 1).catch(() => {});
  }

  function offerPlaces(t) {
    const offered = known?.candidates[t];
    placeField.hidden = !offered;
    if (!offered) return;
    const options = offered.places.map((place, k) => make('option', { value: k }, tellPlace(place, k)));
    places.replaceChildren(make('option', { value: '' }, 'as it was'), ...options);
    places.value = offered.taken ?? '';
  }

  function describe() {
    const t = state.frame;
    let text = n === 1 ? 'One frame' : `Frame ${t} of 0 to ${n - 1}`;
    if (summary.frame_interval_s) text += `, ${number(t * summary.frame_interval_s, 2)} s`;
    if (known) {
      const [shift, error] = [known.shifts, known.errors].map((values) => [...values.subarray(t * names.length, (t + 1) * names.length)]);
      text += `. Shift ${shift.map((v) => number(v, 3)).join(', ')} px`;
      if (error.every(Number.isFinite)) text += ` ± ${error.map((v) => number(v, 3)).join(', ')}`;
      text += `, correlation ${number(known.scores[t], 3)}: `;
    }
    const verdict = known?.verdicts[t];
    told.replaceChildren(text, verdict ? make('span', { class: verdict === 'ok' ? '' : 'flagged' }, verdict.replaceAll('_', ' ')) : '');
    if (judging) {
      judging.textContent = verdict === 'ok' ? 'Refuse this frame' : 'Accept this frame';
      judging.disabled = !known || (verdict !== 'ok' && known.unfounded.has(t));
      offerPlaces(t);
    }
    page.querySelector('#advice').textContent = verdict === 'ok' ? '' : known?.advice[verdict] ?? '';
    if (depth) planeTold.textContent = `${state.z} of 0 to ${depth - 1}`;
    slider.value = t;
    slider.setAttribute('aria-valuetext', text);
    moveCursor();
    writePlace({ frame: t, mode: both ? state.mode : undefined, channel: state.channel || undefined, z: depth ? state.z : undefined, at: sight.toText() });
  }

  function go(t) {
    state.frame = t;
    return show();
  }

  function flag(by) {
    if (!flagged.length) return;
    const next = by > 0 ? flagged.find((t) => t > state.frame) : flagged.findLast((t) => t < state.frame);
    go(next ?? (by > 0 ? flagged[0] : flagged.at(-1)));
  }

  function pressMode() {
    for (const each of modes.children) each.setAttribute('aria-pressed', each.dataset.mode === state.mode);
    dividerField.hidden = state.mode !== 'divider';
  }

  function setMode(mode) {
    state.mode = mode;
    pressMode();
    show();
  }

  function divide(share) {
    state.divider = Math.min(1, Math.max(0, share));
    dividing.value = Math.round(100 * state.divider);
    show();
  }

  // What an address says that was typed or clicked while the page was open.
  function goTo(there) {
    state.frame = parseNumber(there.frame, n) ?? state.frame;
    if (both && Object.hasOwn(MODES, there.mode)) state.mode = there.mode;
    const z = parseNumber(there.z, depth), c = parseNumber(there.channel, summary.n_channels) ?? 0;
    if (z !== undefined) plane.value = state.z = z;
    if (there.at) sight.fromText(there.at);
    else sight.whole();
    pressMode();
    if (c !== state.channel) { channel.value = c; setChannel(c); } else forget();
  }

  function setChannel(value) {
    state.channel = value;
    setLimits(...summary.limits[value]);
  }

  function setLimits(black, white) {
    [low, high] = [black, white];
    lowField.value = Number(black.toPrecision(4));
    highField.value = Number(white.toPrecision(4));
    forget();
  }

  async function setPlaying(wanted) {
    state.playing = wanted;
    play.textContent = wanted ? 'Stop' : 'Play';
    while (state.playing) {
      const began = performance.now();
      await go((state.frame + 1) % n);
      await new Promise((done) => setTimeout(done, Math.max(0, PLAY_MS - (performance.now() - began))));
    }
  }

  setInterval(() => { if (state.mode === 'flicker' && !drawing) { state.odd = !state.odd; show(); } }, FLICKER_MS);
  const step = (by) => go(Math.min(n - 1, Math.max(0, state.frame + by)));
  onKeys({ ArrowRight: () => step(1), ArrowLeft: () => step(-1), Home: () => go(0), End: () => go(n - 1), f: () => flag(1), F: () => flag(-1),
    r: () => { if (judging) judge(); }, b: () => addSeen.click(),
    ',': () => { if (state.mode === 'divider') divide(state.divider - DIVIDER_STEP); }, '.': () => { if (state.mode === 'divider') divide(state.divider + DIVIDER_STEP); },
    ' ': () => setPlaying(!state.playing),
    '+': () => look(() => sight.zoom(2)), '=': () => look(() => sight.zoom(2)), '-': () => look(() => sight.zoom(0.5)), 0: () => look(() => sight.whole()),
    w: () => look(() => sight.pan(-sight.height / 4, 0)), s: () => look(() => sight.pan(sight.height / 4, 0)),
    a: () => look(() => sight.pan(0, -sight.width / 4)), d: () => look(() => sight.pan(0, sight.width / 4)),
    m: () => { if (both) { const keys = Object.keys(MODES); setMode(keys[(keys.indexOf(state.mode) + 1) % keys.length]); } } });
  addEventListener('hashchange', () => goTo(readPlace()));
  if (both) pressMode();
  play.disabled = slider.disabled = n === 1;
  setDrawing(false);
  const first = fetchFrame('raw', state.frame).catch(() => null);
  const told_ = hasResult ? first.then(() => tryTo(async () => { takeIn(await askJson('drift')); drawDrift(); describe(); if (judging) followOthers(); })) : null;
  await Promise.all([show(), told_]);
}
