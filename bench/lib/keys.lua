-- keys.lua - for wrk: each request with a random key of a file, one key a line; some with one of another file.
--
--     wrk … -s keys.lua URL -- FILE WRONG_KEYS_FILE PERCENT
local LINE = 73 -- of brand mk: 72 characters and the line end
local good, wrong, percent

local function read(path)
    local file = assert(io.open(path, "rb"))
    local text = file:read("*a")
    file:close()
    return {text = text, n = math.floor(#text / LINE)}
end

local function one_of(keys)
    local at = math.random(0, keys.n - 1) * LINE
    return keys.text:sub(at + 1, at + LINE - 1)
end

function init(args)
    good, wrong, percent = read(args[1]), read(args[2]), tonumber(args[3])
    math.randomseed(tonumber(tostring({}):match("0x(%x+)"), 16) % 2147483647)
end

function request()
    local key = one_of(math.random(1, 100) <= percent and wrong or good)
    return "GET " .. wrk.path .. "?page=1 HTTP/1.1\r\nHost: api.example\r\nUser-Agent: monei-sdk/1.0.4 node/20.11.0 (linux)\r\n" ..
        "Accept: application/json\r\nx-api-key: " .. key .. "\r\n\r\n"
end

function done(summary, latency)
    local e = summary.errors
    print(string.format("figures %d %d %d %d %d %d", summary.requests, e.connect + e.read + e.write + e.timeout, e.status,
        summary.duration, latency:percentile(50), latency:percentile(99)))
end
