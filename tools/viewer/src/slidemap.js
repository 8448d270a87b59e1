// The slide with its cells, drawn by deck.gl: a million points are one attribute on the graphics card.
import { Deck, OrthographicView } from '@deck.gl/core';
import { BitmapLayer, PolygonLayer, ScatterplotLayer } from '@deck.gl/layers';

const KEPT = [0, 158, 115], LOST = [213, 94, 0], UNKNOWN = [140, 140, 140];

export class SlideMap {
  constructor(place, summary, points, pick, selected) {
    this.place = place;
    this.points = points;
    this.n = points.length / 2;
    this.colours = new Uint8Array(4 * this.n);
    [this.height, this.width] = summary.shape;
    this.regions = summary.regions;
    this.radius = Math.max(1, 0.32 * Math.sqrt((this.width * this.height) / Math.max(this.n, 1)));
    this.version = 0;
    const zoom = Math.log2(Math.min(place.clientWidth / this.width, place.clientHeight / this.height) * 0.97);
    this.deck = new Deck({
      parent: place,
      views: new OrthographicView({ flipY: true }),
      initialViewState: { target: [this.width / 2, this.height / 2, 0], zoom, minZoom: zoom - 1, maxZoom: 5 },
      controller: { keyboard: false, doubleClickZoom: false },
      useDevicePixels: false,
      getCursor: () => 'crosshair',
      onClick: (info) => { if (!this.lassoing && info.coordinate) pick(info.coordinate[0], info.coordinate[1]); },
      layers: [],
    });
    this.prepareLasso(selected);
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
      if (drawn.length > 2) selected(this.inside(drawn.map((at) => this.deck.getViewports()[0].unproject(at))));
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

  paint(values, threshold, selection) {
    for (let i = 0; i < this.n; i++) {
      const value = values[i];
      const tone = value >= threshold ? KEPT : value < threshold ? LOST : UNKNOWN;
      this.colours[4 * i] = tone[0];
      this.colours[4 * i + 1] = tone[1];
      this.colours[4 * i + 2] = tone[2];
      this.colours[4 * i + 3] = selection && !selection[i] ? 50 : 210;
    }
    this.version++;
  }

  draw({ cycle, chosen, light, cells }) {
    const attributes = {
      getPosition: { value: this.points, size: 2 },
      getFillColor: { value: this.colours.slice(), size: 4 },
    };
    this.deck.setProps({
      layers: [
        light && new BitmapLayer({ id: `light${cycle}`, image: `api/light?cycle=${cycle}`,
          bounds: [-0.5, this.height - 0.5, this.width - 0.5, -0.5] }),
        cells && new ScatterplotLayer({ id: 'cells', data: { length: this.n, attributes }, getRadius: this.radius,
          radiusMinPixels: 0.6, radiusUnits: 'common', opacity: 0.75 }),
        new PolygonLayer({ id: `regions${cycle}`, filled: false, stroked: true, getLineColor: [255, 214, 10],
          lineWidthUnits: 'pixels', getLineWidth: 2,
          data: this.regions.filter((r) => r.properties.cycle === cycle).flatMap((r) => r.geometry.coordinates),
          getPolygon: (rings) => rings }),
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
