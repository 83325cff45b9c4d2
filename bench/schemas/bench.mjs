// node bench.mjs prepare CONFORMANCE FOLDER: writes the capture's events, one a line, and their schemas as JSON, for both sides.
// node bench.mjs run FOLDER SECONDS: parses and validates all events again and again; prints microseconds per event.
import fs from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import yaml from 'js-yaml';

const [verb, ...rest] = process.argv.slice(2);
if (verb === 'prepare') prepare(...rest);
else if (verb === 'run') run(rest[0], Number(rest[1]));
else throw new Error('usage: bench.mjs prepare CONFORMANCE FOLDER | run FOLDER SECONDS');

function prepare(conformance, folder) {
  const requests = fs.readFileSync(path.join(conformance, 'mediawiki-capture.jsonl'), 'utf8').split('\n').filter(Boolean);
  const events = requests.flatMap((line) => JSON.parse(JSON.parse(line).body));
  const schemas = {};
  for (const uri of new Set(events.map((event) => event.$schema))) {
    const text = fs.readFileSync(path.join(conformance, 'wikimedia-schemas', 'jsonschema', `${uri}.yaml`), 'utf8');
    schemas[uri] = yaml.load(text);
    // ajv 8 knows the metaschema by its http address only.
    schemas[uri].$schema = 'http://json-schema.org/draft-07/schema#';
  }
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'events.ndjson'), events.map((event) => JSON.stringify(event)).join('\n'));
  fs.writeFileSync(path.join(folder, 'schemas.json'), JSON.stringify(schemas));
}

function run(folder, seconds) {
  const ajv = new Ajv({ strict: false });
  addFormats(ajv, { mode: 'fast' });
  const schemas = JSON.parse(fs.readFileSync(path.join(folder, 'schemas.json'), 'utf8'));
  const validators = new Map(Object.entries(schemas).map(([uri, schema]) => [uri, ajv.compile(schema)]));
  const texts = fs.readFileSync(path.join(folder, 'events.ndjson'), 'utf8').split('\n');
  const buffers = texts.map((text) => Buffer.from(text, 'utf8'));
  let invalid = 0;
  const check = (event) => {
    if (!validators.get(event.$schema)(event)) invalid++;
  };
  const figures = {
    bytes: measure(seconds, () => buffers.forEach((buffer) => check(JSON.parse(buffer.toString('utf8')))), texts.length),
    text: measure(seconds, () => texts.forEach((text) => check(JSON.parse(text))), texts.length),
    parse: measure(seconds, () => texts.forEach((text) => JSON.parse(text)), texts.length),
  };
  console.log(JSON.stringify({ ...figures, invalid: invalid > 0 }));
}

/** Microseconds of processor time per event, after as long a warm-up: it counts all threads, and nobody else's work. */
function measure(seconds, pass, events) {
  repeat(seconds, pass);
  const { passes, elapsed } = repeat(seconds, pass);
  return elapsed / (passes * events);
}

function repeat(seconds, pass) {
  const start = processorTime();
  let passes = 0;
  while (processorTime() - start < seconds * 1e6) {
    pass();
    passes++;
  }
  return { passes, elapsed: processorTime() - start };
}

function processorTime() {
  const { user, system } = process.cpuUsage();
  return user + system;
}
