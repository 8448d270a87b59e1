// Which part of a frame is seen, and in how many pixels: of a slide of 60,000 px tiles of that part alone are asked for.
const SCREEN_PX = 1024, LEAST_PX = 16;

export class Sight {
  constructor([height, width], factor) {
    Object.assign(this, { all: { y: 0, x: 0, height, width }, usual: factor });
    this.whole();
  }

  whole() { Object.assign(this, this.all); }

  get isWhole() { return this.height === this.all.height && this.width === this.all.width; }

  // In px of the frame, multiples of the factor; rows and columns are pixels that are shown.
  get region() {
    let factor = 1;
    if (this.isWhole) factor = this.usual;
    else while (Math.max(this.height, this.width) / factor > SCREEN_PX) factor *= 2;
    const [y, x] = [this.y, this.x].map((from) => Math.floor(from / factor) * factor);
    const count = (from, to, length) => Math.max(1, Math.min(Math.ceil((to - from) / factor), Math.floor((length - from) / factor)));
    return { y, x, factor, rows: count(y, this.y + this.height, this.all.height), columns: count(x, this.x + this.width, this.all.width) };
  }

  // Larger for factors above 1; what lies at a point stays where it is.
  zoom(times, at = { y: this.y + this.height / 2, x: this.x + this.width / 2 }) {
    const span = Math.min(this.all.height, this.all.width), least = Math.min(LEAST_PX, span) / span;
    const share = Math.min(1, Math.max(least, this.height / this.all.height / times));
    const [height, width] = [share * this.all.height, share * this.all.width];
    this.move(at.y - ((at.y - this.y) * height) / this.height, at.x - ((at.x - this.x) * width) / this.width, height, width);
  }

  pan(down, right) { this.move(this.y + down, this.x + right, this.height, this.width); }

  move(y, x, height, width) {
    Object.assign(this, { height, width, y: Math.min(Math.max(y, 0), this.all.height - height), x: Math.min(Math.max(x, 0), this.all.width - width) });
  }

  toText() { return this.isWhole ? undefined : [this.y, this.x, this.height].map((value) => Number(value.toFixed(2))).join(','); }

  // What an address says, if it makes sense.
  fromText(text) {
    const [y, x, height] = (text ?? '').split(',').map(Number);
    if (![y, x, height].every(Number.isFinite) || height < 1 || height > this.all.height) return;
    this.move(y, x, height, (height * this.all.width) / this.all.height);
  }
}
