// Reads server-sent events by fetch: EventSource could send no key.

/** Calls take({type, id, data}) for each block that has data, and remember(id) for each id, until the response ends. */
export async function readEvents(response, take, remember) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  let block = { type: 'message', data: [] };
  for (;;) {
    const { value, done } = await reader.read();
    if (done) {
      return;
    }
    const lines = (rest + value).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      if (line === '') {
        if (block.data.length > 0) {
          take({ type: block.type, data: block.data.join('\n') });
        }
        block = { type: 'message', data: [] };
      } else {
        takeField(line, block, remember);
      }
    }
  }
}

function takeField(line, block, remember) {
  const colon = line.indexOf(':');
  if (colon <= 0) {
    return;
  }
  const value = line.slice(colon + 1).replace(/^ /, '');
  switch (line.slice(0, colon)) {
    case 'event': block.type = value; break;
    case 'data': block.data.push(value); break;
    case 'id': remember(value); break;
  }
}
