// Follows a stream with the npm package "eventsource" as it is and prints one line for each event: the event's n.
// Usage: node eventsource-reader.js URL
'use strict';
const EventSource = require('eventsource');

const source = new EventSource(process.argv[2]);
source.onopen = () => console.log('open');
source.onmessage = event => console.log(JSON.parse(event.data).n);
source.onerror = event => console.error(event.message || 'connection lost');
