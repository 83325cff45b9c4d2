import { readEvents } from './events.js';
import { fillSubscriptions } from './subscriptions.js';

const EVENTS_SHOWN_MAX = 200;
const FOLLOWED_AT_FIRST_MAX = 12;
const REFRESH_MS = 5000;
const RECONNECT_MS = 2000;
const HOUR_MS = 3600000;
const MEMBERS_SHOWN_MAX = 3;
const MEMBER_CHARS_MAX = 60;
const COMMAND_LINE_PORT = '8192'; // without --url, wikibus asks this port of this machine

const find = id => document.getElementById(id);
const chosen = new Set();
let listed = []; // the streams that this page may read
let key = '';
let following = null;
let hasDecided = false; // whether the reader chose streams, or stopped them, so that nothing is chosen for them

const headers = more => key ? { ...more, authorization: `Bearer ${key}` } : more;

function say(id, text, isBad = false) {
  find(id).textContent = text;
  find(id).classList.toggle('bad', isBad);
}

async function showHealth() {
  try {
    const response = await fetch('/readyz');
    const health = await response.json();
    say('health', response.ok ? 'It takes events.' : `It takes no events: ${health.reasons.join(' ')}`, !response.ok);
  } catch {
    say('health', 'It does not answer.', true);
  }
}

/** The cookie of a session cannot be read here, so the server is asked. */
async function showSession() {
  try {
    const { isOpen } = await (await fetch('/page/session')).json();
    find('key').placeholder = isOpen ? 'not needed' : 'none';
    find('session-note').hidden = !isOpen;
    find('key-note').hidden = isOpen;
  } catch {
    // The health says that the server does not answer.
  }
}

async function showStreams() {
  try {
    const response = await fetch('/v2/streams', { headers: headers({}) });
    if (response.status === 401 || response.status === 403) {
      say('streams-note', 'This key is not accepted.', true);
      return;
    }
    const streams = listed = (await response.json()).streams ?? [];
    chooseAtFirst(streams);
    fillTable(streams);
    showFollowed();
    say('streams-note', streams.length > 0 ? '' : 'There is nothing that this page may read. On the same machine, open '
      + 'the link that wikibus serve prints. Or type in a key that may read: wikibus keys create --role read makes one. '
      + 'Or name public streams in the configuration (Access:PublicStreams). See docs/operations.md, "Keys".');
  } catch {
    say('streams-note', 'The streams cannot be read now.', true);
  }
}

async function showSubscriptions() {
  try {
    const response = await fetch('/page/subscriptions', { headers: headers({}) });
    if (response.ok) {
      fillSubscriptions(await response.json(), time);
    }
  } catch {
    // The health says that the server does not answer.
  }
}

/** Shows events without a click: the streams with the newest events are followed until the reader decides otherwise. */
function chooseAtFirst(streams) {
  if (hasDecided) {
    return;
  }
  const lively = streams.filter(stream => stream.last && !chosen.has(stream.name))
    .sort((a, b) => Date.parse(b.last.time) - Date.parse(a.last.time))
    .slice(0, Math.max(0, FOLLOWED_AT_FIRST_MAX - chosen.size));
  lively.forEach(stream => chosen.add(stream.name));
  if (lively.length > 0 || !following) {
    restart();
  }
}

function showFollowed() {
  const count = following ? chosen.size : 0;
  say('followed-note', listed.length > 0 ? `${count} of ${listed.length} streams are followed.` : '');
  find('follow-all').hidden = count >= listed.length;
}

function fillTable(streams) {
  find('streams').hidden = streams.length === 0;
  const rank = stream => stream.last ? 0 : 1;
  streams.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
  find('streams').tBodies[0].replaceChildren(...streams.map(streamRow));
}

function streamRow(stream) {
  const row = document.createElement('tr');
  const box = document.createElement('input');
  box.type = 'checkbox';
  box.checked = chosen.has(stream.name);
  box.setAttribute('aria-label', `show ${stream.name}`);
  box.addEventListener('change', () => choose(stream.name, box.checked));
  row.insertCell().append(box);
  row.insertCell().textContent = stream.name;
  row.insertCell().textContent = stream.last ? (stream.last.offset + 1).toLocaleString() : '';
  row.insertCell().textContent = Math.round(stream.recordsPerMinute ?? 0).toLocaleString();
  row.insertCell().append(stream.last ? time(stream.last.time) : '');
  return row;
}

function choose(name, isChosen) {
  hasDecided = true;
  if (isChosen) {
    chosen.add(name);
  } else {
    chosen.delete(name);
  }
  find('follow').disabled = chosen.size === 0;
  if (following) {
    restart();
  } else {
    say('events-note', chosen.size > 0 ? '' : 'No stream is chosen.');
  }
}

function restart() {
  find('follow').disabled = chosen.size === 0;
  if (following) {
    stop();
  }
  follow();
}

function stop() {
  following?.abort();
  following = null;
  find('follow').textContent = 'Follow';
  say('events-note', 'Stopped.');
  showFollowed();
}

async function follow() {
  if (chosen.size === 0) {
    return;
  }
  const mine = following = new AbortController();
  let lastId = '';
  find('follow').textContent = 'Stop';
  showFollowed();
  if (find('replay').checked) {
    find('events').replaceChildren(); // they come again
  }
  const since = find('replay').checked ? `?since=${Date.now() - HOUR_MS}` : '';
  const address = `/v2/stream/${[...chosen].map(encodeURIComponent).join(',')}${since}`;
  while (!mine.signal.aborted) {
    try {
      const resume = lastId ? { 'last-event-id': lastId } : {};
      const response = await fetch(address, { headers: headers({ accept: 'text/event-stream', ...resume }), signal: mine.signal });
      if (!response.ok) {
        const problem = await response.json().catch(() => ({}));
        stop();
        say('events-note', response.status === 414
          ? 'One request cannot name so many streams. Choose fewer.'
          : problem.detail ?? `The server answered ${response.status}.`, true);
        return;
      }
      say('events-note', '');
      await readEvents(response, showEvent, id => { lastId = id; });
    } catch {
      if (!mine.signal.aborted) {
        say('events-note', 'The connection was lost; trying again.', true);
      }
    }
    await new Promise(resolve => setTimeout(resolve, RECONNECT_MS));
  }
}

function showEvent({ type, data }) {
  const item = document.createElement('li');
  const details = document.createElement('details');
  const summary = document.createElement('summary');
  const text = document.createElement('pre');
  const event = parse(data);
  summary.append(
    part('time', event.meta?.dt ? time(event.meta.dt) : ''),
    part('stream', event.meta?.stream ?? type),
    part('what', describe(event)));
  text.textContent = JSON.stringify(event, null, 2);
  details.append(summary, text);
  item.append(details);
  find('events').prepend(item);
  while (find('events').childElementCount > EVENTS_SHOWN_MAX) {
    find('events').lastElementChild.remove();
  }
}

function part(name, content) {
  const span = document.createElement('span');
  span.className = name;
  span.append(content);
  return span;
}

/** A time in the reader's zone, with the date unless it is today; its title is the time in UTC. */
function time(text) {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) {
    return String(text);
  }
  const element = document.createElement('time');
  const isToday = date.toDateString() === new Date().toDateString();
  element.dateTime = element.title = date.toISOString();
  element.textContent = isToday ? date.toLocaleTimeString() : date.toLocaleString();
  return element;
}

function parse(data) {
  try {
    const event = JSON.parse(data);
    return event !== null && typeof event === 'object' ? event : { body: event };
  } catch {
    return { body: data };
  }
}

/** Title, user and comment; without title and user, the wiki's domain and the event's first members. */
function describe(event) {
  const isText = text => typeof text === 'string' && text !== '';
  const title = [event.title, event.page_title, event.page?.page_title, event.meta?.uri].find(isText);
  const who = [event.user, event.performer?.user_text].find(isText);
  const members = title || who ? [] : [event.meta?.domain, ...firstMembers(event)];
  return [title, who, event.comment, ...members].filter(isText).join(' · ');
}

function firstMembers(event) {
  return Object.entries(event)
    .filter(([name, value]) => !['$schema', 'meta', 'comment'].includes(name) && value !== null && value !== '')
    .map(([name, value]) => `${name}: ${typeof value === 'object' ? JSON.stringify(value) : value}`)
    .map(text => text.length > MEMBER_CHARS_MAX ? `${text.slice(0, MEMBER_CHARS_MAX)}…` : text)
    .slice(0, MEMBERS_SHOWN_MAX);
}

function isCommandLineDefault() {
  return location.protocol === 'http:' && location.port === COMMAND_LINE_PORT
    && ['localhost', '127.0.0.1', '[::1]'].includes(location.hostname);
}

find('key-form').addEventListener('submit', event => {
  event.preventDefault();
  key = find('key').value.trim();
  showStreams();
  showSubscriptions();
});
find('follow').addEventListener('click', () => {
  hasDecided = true;
  if (following) {
    stop();
  } else {
    follow();
  }
});
find('follow-all').addEventListener('click', () => {
  hasDecided = true;
  listed.forEach(stream => chosen.add(stream.name));
  fillTable(listed);
  restart();
});
document.querySelectorAll('.address').forEach(place => { place.textContent = location.origin; });
document.querySelectorAll('.url').forEach(place => { place.textContent = isCommandLineDefault() ? '' : ` --url ${location.origin}`; });
function refresh() {
  showHealth();
  showSession();
  showStreams();
  showSubscriptions();
}

refresh();
setInterval(refresh, REFRESH_MS);
