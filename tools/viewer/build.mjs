// Bundle the viewer's page into the package: `npm ci && npm run build` in this folder. What comes of it is committed, so
// that installing holdstill needs no Node.
import { build } from 'esbuild';
import { copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const LIMIT = 3_000_000;
const here = import.meta.dirname, result = join(here, '../../src/holdstill/result');
const page = join(result, 'viewer/page'), report = join(result, 'report/page');

await mkdir(page, { recursive: true });
const made = await build({
  entryPoints: [{ in: join(here, 'src/main.js'), out: 'viewer' }],
  bundle: true, minify: true, format: 'iife', target: 'es2022', outdir: page, legalComments: 'none', metafile: true,
  logLevel: 'warning',
});
await build({
  entryPoints: [{ in: join(here, 'src/report.js'), out: 'report' }],
  bundle: true, minify: true, format: 'iife', target: 'es2022', outdir: report, legalComments: 'none', logLevel: 'warning',
  banner: { js: `/*! uPlot (MIT)\n${await readFile(join(here, 'node_modules/uplot/LICENSE'), 'utf8')}*/` },
});
const styles = await readFile(join(page, 'viewer.css'), 'utf8');
await writeFile(join(page, 'viewer.css'), styles + (await readFile(join(here, 'src/viewer.css'), 'utf8')));
await copyFile(join(here, 'src/index.html'), join(page, 'index.html'));

// The licence of every package of which something is in the bundle.
const packages = new Set();
for (const path of Object.keys(made.metafile.inputs)) {
  const found = path.match(/.*node_modules\/((?:@[^/]+\/)?[^/]+)\//);
  if (found) packages.add(found[1]);
}
let licences = 'viewer.js and viewer.css hold parts of these packages, report.js and report.css of uplot alone.\n';
for (const name of [...packages].sort()) {
  const folder = join(here, 'node_modules', name);
  const told = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const file = (await readdir(folder)).find((each) => /^licen[cs]e/i.test(each));
  const text = file ? await readFile(join(folder, file), 'utf8') : `${told.license}\n`;
  licences += `\n${'='.repeat(100)}\n${name} ${told.version}: ${told.license}\n\n${text.trim()}\n`;
}
await writeFile(join(page, 'LICENSES.txt'), licences);

let total = 0;
for (const folder of [page, report]) for (const name of await readdir(folder)) total += (await stat(join(folder, name))).size;
console.log(`${packages.size} packages, ${total.toLocaleString('en')} bytes in ${page}`);
if (total > LIMIT) throw new Error(`the page is ${total} bytes; ${LIMIT} are allowed`);
