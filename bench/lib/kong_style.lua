-- kong_style.lua - key authentication in nginx by a script, in the style of Kong's key-auth and rate-limiting plugins:
-- the key is looked up in a cache of the worker, then in one that the workers share; the consumer is told upstream; a
-- counter per consumer and minute lives in shared memory. Ours, written for bench/ alone.
local known, counters = ngx.shared.known, ngx.shared.counters
local near, n_near = {}, 0
local NEAR_MAX, LIMIT, WINDOW = 10000, 1000000000, 60

local gate = {}

-- From a file, one key a line, into the shared cache; the line's number is the consumer.
function gate.load(path)
    local n = 0
    for line in io.lines(path) do
        n = n + 1
        assert(known:set(line, "consumer-" .. n .. ";read_only"))
    end
end

local function find(key)
    local found = near[key]
    if found == nil then
        found = known:get(key)
        if found == nil then return nil end
        if n_near >= NEAR_MAX then near, n_near = {}, 0 end
        near[key], n_near = found, n_near + 1
    end
    return found
end

local function deny(status, message)
    ngx.status = status
    ngx.header["Content-Type"] = "application/json"
    ngx.say('{"message":"' .. message .. '"}')
    return ngx.exit(status)
end

function gate.check()
    local key = ngx.req.get_headers()["x-api-key"]
    if type(key) ~= "string" then return deny(401, "No API key found in request") end
    local found = find(key)
    if found == nil then return deny(401, "Invalid authentication credentials") end
    local consumer, permissions = found:match("^([^;]+);(.*)$")
    local window = math.floor(ngx.time() / WINDOW)
    local used = counters:incr(consumer .. ":" .. window, 1, 0, 2 * WINDOW)
    if used > LIMIT then return deny(429, "API rate limit exceeded") end
    ngx.req.set_header("X-Consumer-ID", consumer)
    ngx.req.set_header("X-Consumer-Permissions", permissions)
    ngx.req.set_header("X-Credential-Identifier", consumer)
    ngx.req.clear_header("x-api-key")
    ngx.ctx.remaining = LIMIT - used
end

function gate.headers()
    if ngx.ctx.remaining == nil then return end
    ngx.header["RateLimit-Limit"] = LIMIT
    ngx.header["RateLimit-Remaining"] = ngx.ctx.remaining
    ngx.header["RateLimit-Reset"] = WINDOW - ngx.time() % WINDOW
end

return gate
