-- wrk script: posts events of 1 KB to /v1/events, each with an id of its own, so that none is a repeat, and with the
-- time at which it is made, as a wiki's are.
-- Arguments: events per request, and eight hex digits that name the run.
local count, run, number, head, tail

function init(args)
  count = tonumber(args[1])
  run = args[2]
  number = 0
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
  head = '{"$schema":"/mediawiki/recentchange/1.0.0","meta":{"uri":"https://test.wiki.example.org/wiki/Benchmark",'
    .. '"request_id":"71b5edd7ab778b35fbe29710","id":"' .. run .. '-'
  tail = '","dt":"%Y-%m-%dT%H:%M:%SZ","domain":"test.wiki.example.org","stream":"mediawiki.recentchange"},'
    .. '"id":2,"type":"edit","namespace":0,"title":"Benchmark","title_url":"https://test.wiki.example.org/wiki/Benchmark",'
    .. '"comment":"COMMENT","timestamp":1795213226,"user":"Alice","bot":false,"minor":false,'
    .. '"length":{"old":1042,"new":2084},"revision":{"old":11,"new":12},'
    .. '"server_url":"https://test.wiki.example.org","server_name":"test.wiki.example.org","server_script_path":"/w",'
    .. '"wiki":"testwiki","parsedcomment":"made for a measurement"}'
  local sample = os.date("!" .. tail:gsub("COMMENT", ""))
  local bytes = #head + #"0000-4000-8000-000000000000" + #sample
  tail = tail:gsub("COMMENT", string.rep("x", 1024 - bytes))
end

function request()
  local tail = os.date("!" .. tail)
  local events = {}
  for i = 1, count do
    number = number + 1
    events[i] = head .. "0000-4000-8000-" .. string.format("%012x", number) .. tail
  end
  return wrk.format(nil, nil, nil, "[" .. table.concat(events, ",") .. "]")
end
