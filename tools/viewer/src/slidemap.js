// The slide with its cells, drawn by deck.gl. A million cells are one small picture that is painted anew, which costs the
// same without a graphics card; who zooms in until few are left sees each as a point.
import { Deck, OrthographicView } from '@deck.gl/core';
import { BitmapLayer, PolygonLayer, ScatterplotLayer } from '@deck.gl/layers';

const KEPT = [0, 158, 115], LOST = [213, 94, 0], UNKNOWN = [140, 140, 140];
const REGIONS = { lost: [255, 214, 10], folded: [86, 180, 233], moved: [204, 121, 167] };
const FEW = 20000, SETTLED_MS = 120, MOST_SHOWN = 2048;

const word = (tone, alpha) => ((alpha << 24) | (tone[2] << 16) | (tone[1] << 8) | tone[0]) >>> 0;

export class SlideMap {
  constructor(place, summary, small, pick, selected) {
    this.place = place;
    this.points = new Float32Array(0);
    this.n = 0;
    this.small = { ...small, cells: null };
    this.picture = new ImageData(small.columns, small.rows);
    this.factor = summary.overview_factor;
    [this.height, this.width] = summary.shape;
    this.regions = summary.regions;
    this.radius = Math.max(1, 0.32 * Math.sqrt((this.width * this.height) / Math.max(summary.n_cells, 1)));
    this.near = [];
    this.part = null;
    const zoom = Math.log2(Math.min(place.clientWidth / this.width, place.clientHeight / this.height) * 0.97);
    this.deck = new Deck({
      parent: place,
      views: new OrthographicView({ flipY: true }),
      initialViewState: { target: [this.width / 2, this.height / 2, 0], zoom, minZoom: zoom - 1, maxZoom: 5 },
      controller: { keyboard: false, doubleClickZoom: false },
      useDevicePixels: false,
      getCursor: () => 'crosshair',
      onViewStateChange: () => { clearTimeout(this.waiting); this.waiting = setTimeout(() => this.look(), SETTLED_MS); },
      onClick: (info) => { if (!this.lassoing && info.coordinate) pick(info.coordinate[0], info.coordinate[1]); },
      layers: [],
    });
    this.prepareLasso(selected);
  }

  // Where the cells lie, and whose each pixel of the small picture is: known later than what it looks like.
  fill(points, cells) {
    this.points = points;
    this.n = points.length / 2;
    this.small.cells = cells;
  }

  // Pixels of the small picture by what they are of: nothing, kept, lost, unknown.
  paintClasses(classes) {
    const words = new Uint32Array(this.picture.data.buffer);
    const tones = Uint32Array.of(0, word(KEPT, 165), word(LOST, 165), word(UNKNOWN, 165));
    for (let i = 0; i < words.length; i++) words[i] = tones[classes[i]];
    this.texture = new ImageData(this.picture.data, this.picture.width);
  }

  prepareLasso(selected) {
    const paper = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    const path = document.createElementNS('http://www.w3.org/2000/svg', 'polyline');
    paper.append(path);
    paper.classList.add('lasso');
    this.place.append(paper);
    this.paper = paper;
    let drawn = [];
    paper.addEventListener('pointerdown', (event) => { drawn = []; paper.setPointerCapture(event.pointerId); });
    paper.addEventListener('pointermove', (event) => {
      if (!(event.buttons & 1)) return;
      const box = paper.getBoundingClientRect();
      drawn.push([event.clientX - box.left, event.clientY - box.top]);
      path.setAttribute('points', drawn.join(' '));
    });
    paper.addEventListener('pointerup', () => {
      path.setAttribute('points', '');
      if (drawn.length > 2) selected(drawn.map((at) => this.deck.getViewports()[0].unproject(at)));
    });
  }

  lasso(wanted) {
    this.lassoing = wanted;
    this.paper.classList.toggle('on', wanted);
  }

  // Rows of the points within a polygon.
  inside(ring) {
    const xs = ring.map((p) => p[0]), ys = ring.map((p) => p[1]);
    const box = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const rows = [];
    for (let i = 0; i < this.n; i++) {
      const x = this.points[2 * i], y = this.points[2 * i + 1];
      if (x < box[0] || x > box[1] || y < box[2] || y > box[3]) continue;
      let odd = false;
      for (let a = 0, b = ring.length - 1; a < ring.length; b = a++) {
        if (ys[a] > y !== ys[b] > y && x < ((xs[b] - xs[a]) * (y - ys[a])) / (ys[b] - ys[a]) + xs[a]) odd = !odd;
      }
      if (odd) rows.push(i);
    }
    return rows;
  }

  toneOf(row) {
    const value = this.values[row];
    return value >= this.threshold ? KEPT : value < this.threshold ? LOST : UNKNOWN;
  }

  paint(values, threshold, selection) {
    Object.assign(this, { values, threshold, selection });
    const words = new Uint32Array(this.picture.data.buffer);
    const [kept, lost, unknown] = [KEPT, LOST, UNKNOWN].map((tone) => [word(tone, 165), word(tone, 40)]);
    const { cells } = this.small;
    for (let i = 0; i < cells.length; i++) {
      const row = cells[i];
      if (row < 0) { words[i] = 0; continue; }
      const value = values[row], faint = selection && !selection[row] ? 1 : 0;
      words[i] = (value >= threshold ? kept : value < threshold ? lost : unknown)[faint];
    }
    this.texture = new ImageData(this.picture.data, this.picture.width);
  }

  // Cells in view, where they are few and smaller than a pixel of the small picture shows.
  look() {
    const [view] = this.deck.getViewports();
    const [left, top] = view.unproject([0, 0]), [right, bottom] = view.unproject([view.width, view.height]);
    const share = ((right - left) * (bottom - top)) / (this.width * this.height);
    const near = [];
    if (this.factor > 2 && this.n * share < FEW) {
      for (let i = 0; i < this.n; i++) {
        const x = this.points[2 * i], y = this.points[2 * i + 1];
        if (x >= left && x <= right && y >= top && y <= bottom) near.push(i);
      }
    }
    const part = this.choosePart(left, top, right, bottom, view.width);
    if (!near.length && !this.near.length && part?.name === this.part?.name) return;
    this.near = near;
    this.part = part;
    this.draw(this.drawn);
  }

  // The part of the slide in view, where the small picture has larger pixels than the screen: in means of 1, 2, 4 ... px.
  choosePart(left, top, right, bottom, wide) {
    let factor = 1;
    while (2 * factor <= (right - left) / wide) factor *= 2;
    if (factor >= this.factor) return null;
    const [y, x] = [top, left].map((value) => Math.max(0, Math.floor(value / factor) * factor));
    const [rows, columns] = [[y, bottom, this.height], [x, right, this.width]].map(([from, to, length]) => Math.min(Math.ceil((to - from) / factor), Math.floor((length - from) / factor), MOST_SHOWN));
    if (rows < 1 || columns < 1) return null;
    return { name: new URLSearchParams({ y, x, rows, columns, factor }).toString(), bounds: [x - 0.5, y + rows * factor - 0.5, x + columns * factor - 0.5, y - 0.5] };
  }

  draw(drawn) {
    this.drawn = drawn;
    const { cycle, chosen, light, cells } = drawn;
    const bounds = [-0.5, this.small.rows * this.factor - 0.5, this.small.columns * this.factor - 0.5, -0.5];
    const regions = this.regions.filter((r) => r.properties.cycle === cycle).flatMap((r) => r.geometry.coordinates.map((rings) => ({ rings, kind: r.properties.kind })));
    // only layers that hold something: each kind's shaders take a tenth of a second to compile without a graphics card
    const textureParameters = { minFilter: 'linear', magFilter: 'nearest' };
    this.deck.setProps({
      layers: [
        light && new BitmapLayer({ id: `light${cycle}`, image: `api/light?cycle=${cycle}`, bounds }),
        light && this.part && new BitmapLayer({ id: `part${cycle} ${this.part.name}`, image: `api/part?cycle=${cycle}&${this.part.name}`, bounds: this.part.bounds }),
        cells && new BitmapLayer({ id: 'cells', image: this.texture, bounds, textureParameters }),
        cells && this.near.length && new ScatterplotLayer({ id: 'near', data: this.near, getPosition: (i) => [this.points[2 * i], this.points[2 * i + 1]],
          getFillColor: (i) => this.toneOf(i), getRadius: this.radius, radiusUnits: 'common', opacity: 0.9,
          updateTriggers: { getFillColor: [this.threshold, this.values, this.selection] } }),
        regions.length && new PolygonLayer({ id: `regions${cycle}`, filled: false, stroked: true, getLineColor: (d) => REGIONS[d.kind] ?? REGIONS.lost,
          lineWidthUnits: 'pixels', getLineWidth: 2,
          data: regions, getPolygon: (d) => d.rings }),
        chosen && new ScatterplotLayer({ id: 'chosen', data: [chosen], getPosition: (c) => [c.x, c.y], filled: false,
          stroked: true, getLineColor: [255, 255, 255], lineWidthUnits: 'pixels', getLineWidth: 3, radiusUnits: 'pixels',
          getRadius: 11 }),
        chosen && new ScatterplotLayer({ id: 'chosen inner', data: [chosen], getPosition: (c) => [c.x, c.y],
          filled: false, stroked: true, getLineColor: [0, 0, 0], lineWidthUnits: 'pixels', getLineWidth: 1.5,
          radiusUnits: 'pixels', getRadius: 12 }),
      ],
    });
  }
}
