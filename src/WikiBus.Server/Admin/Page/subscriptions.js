const MINUTE_S = 60;
const HOUR_S = 3600;
const DAY_S = 86400;

/** Shows subscriptions, those that need a person first. Without any, the whole section is hidden. */
export function fillSubscriptions({ items, count }, time) {
  const section = document.getElementById('subscriptions-part');
  section.hidden = count === 0;
  document.getElementById('subscriptions-note').textContent =
    count > items.length ? `${items.length} of ${count.toLocaleString()} are shown.` : '';
  section.querySelector('tbody').replaceChildren(...items.map(item => subscriptionRow(item, time)));
}

function subscriptionRow(item, time) {
  const row = document.createElement('tr');
  cell(row, '', item.id);
  cell(row, 'of', item.owner);
  cell(row, '', item.reason && item.reason !== item.state ? `${item.state}: ${item.reason}` : item.state)
    .classList.toggle('bad', item.state !== 'active' && item.state !== 'paused');
  cell(row, 'behind', item.lag === 0 ? '0' : `${item.lag.toLocaleString()} (${duration(item.lagSeconds)})`);
  cell(row, 'waiting', item.waiting.toLocaleString());
  cell(row, 'dead', item.dead.toLocaleString());
  const error = cell(row, 'last error', '');
  if (item.lastError) {
    error.append(time(item.lastError.at), ` ${item.lastError.record}: ${item.lastError.message}`);
  }
  return row;
}

/** The label is shown on narrow screens, which have no head of the table. */
function cell(row, label, text) {
  const element = row.insertCell();
  element.textContent = text;
  element.dataset.label = label;
  return element;
}

function duration(seconds) {
  return seconds < MINUTE_S ? `${seconds} s`
    : seconds < HOUR_S ? `${Math.floor(seconds / MINUTE_S)} min`
    : seconds < DAY_S ? `${Math.floor(seconds / HOUR_S)} h`
    : `${Math.floor(seconds / DAY_S)} d`;
}
