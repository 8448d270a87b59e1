// What both pages share: asking the server, making elements, remembering the place in the address.

export async function ask(name, query = {}, body = undefined) {
  const text = new URLSearchParams(query).toString();
  const options = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const answer = await fetch(`api/${name}?${text}`, options).catch((error) => {
    throw error instanceof TypeError ? new Error('holdstill view was ended: start it again, and open the address that it tells') : error;
  });
  if (!answer.ok) {
    const told = await answer.json().catch(() => ({ error: `${answer.status} ${answer.statusText}` }));
    throw new Error(told.error);
  }
  return answer;
}

export const askJson = async (...given) => (await ask(...given)).json();

// Text is always set as text, so that a name with angle brackets stays a name.
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'value') element.value = value;
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value !== undefined && value !== null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export const button = (text, title, click) => make('button', { type: 'button', title, onclick: click }, text);

export function field(label, control) {
  control.id ||= `f${Math.random().toString(36).slice(2)}`;
  return make('span', { class: 'field' }, make('label', { for: control.id }, label), control);
}

export const number = (value, digits = 3) => (value === null || !Number.isFinite(value) ? 'unknown' : value.toFixed(digits));

// Numbers that come as bytes: float64, little-endian as every machine that runs a browser.
export function unpack(text) {
  return new Float64Array(Uint8Array.from(atob(text), (each) => each.charCodeAt(0)).buffer);
}

export const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export function readPlace() {
  return Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
}

export function writePlace(place) {
  const text = new URLSearchParams(Object.entries(place).filter(([, value]) => value !== undefined && value !== null));
  history.replaceState(null, '', `#${text}`);
}

// Whether the control that has the focus needs a key for itself: a slider its arrows, a button the space bar.
function needsKey(control, key) {
  if (!control.matches) return false;
  if (control.matches('input[type=range]')) return /^(Arrow|Home|End|Page)/.test(key);
  if (control.matches('button, a, summary, [type=checkbox], [type=radio]')) return key === ' ' || key === 'Enter';
  return control.matches('input, select, textarea');
}

export function onKeys(keys) {
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key] || needsKey(event.target, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  });
}

export function onTheme(renew) {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', renew);
}

export async function download(answer, name) {
  const link = make('a', { href: URL.createObjectURL(await answer.blob()), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
