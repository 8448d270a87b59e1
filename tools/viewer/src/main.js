import 'uplot/dist/uPlot.min.css';
import { askJson, make } from './common.js';
import { showMovie } from './movie.js';
import { showSlide } from './slide.js';

async function begin() {
  const page = document.getElementById('page');
  try {
    const summary = await askJson('summary');
    document.title = `${summary.folder ?? summary.name} - holdstill`;
    page.replaceChildren();
    await (summary.kind === 'movie' ? showMovie : showSlide)(page, summary);
    page.dataset.ready = 'yes';
  } catch (error) {
    page.replaceChildren(make('p', { role: 'alert', class: 'wrong' }, error.message));
  }
}

begin();
