-- keys.lua - for wrk: each request with a random key of a file, one key a line.
--
--     wrk … -s keys.lua URL -- FILE
local LINE = 73 -- of brand mk: 72 characters and the line end
local text, n

function init(args)
    local file = assert(io.open(args[1], "rb"))
    text = file:read("*a")
    file:close()
    n = math.floor(#text / LINE)
    math.randomseed(tonumber(tostring({}):match("0x(%x+)"), 16) % 2147483647)
end

function request()
    local at = math.random(0, n - 1) * LINE
    return "GET " .. wrk.path .. "?page=1 HTTP/1.1\r\nHost: api.example\r\nUser-Agent: monei-sdk/1.0.4 node/20.11.0 (linux)\r\n" ..
        "Accept: application/json\r\nx-api-key: " .. text:sub(at + 1, at + LINE - 1) .. "\r\n\r\n"
end

function done(summary)
    local e = summary.errors
    print(string.format("figures %d %d %d", summary.requests, e.connect + e.read + e.write + e.timeout + e.status, summary.duration))
end
