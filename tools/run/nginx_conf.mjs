// nginx_conf.mjs - the configuration of a run's gateway: one server for each environment, in front of the sandbox API; and
// the dashboard's address over HTTPS, as it is shipped.
import path from 'node:path';
import { worker } from './folder.mjs';
import { common, dashboard, stranger } from './site.mjs';

function server(port, environment) {
    return `
    server {
        listen 127.0.0.1:${port};
        keyward_environment ${environment};

        location = /healthz { proxy_pass http://wallets; }
        location / {
            keyward on;
            proxy_pass http://wallets;
        }
    }`;
}

/** Whoever asks for 127.0.0.1 names no host in the handshake, so here the default server is the dashboard's; a name that is
 *  neither of its two goes to the other one. */
function dashboardServers(at, log) {
    const address = `127.0.0.1:${at.dashboardPort} ssl http2`;
    const { certificate, key } = at;
    return [
        dashboard({
            listen: `${address} default_server`, names: 'localhost 127.0.0.1', certificate, key,
            socket: path.join(at.shared, 'http.sock'), log, page: path.join(at.folder, 'nginx', 'www'),
        }),
        stranger({ listen: address, names: '~.', log }),
    ].join('\n');
}

/** The text; `at` is {folder, shared, module, sandboxPort, productionPort, dashboardPort, certificate, key}. */
export function configuration(at) {
    const own = path.join(at.folder, 'nginx');
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
    return `# Written anew at every start.
load_module ${at.module};
daemon off;
${worker.name === undefined ? '' : `user ${worker.name};`}
worker_processes 2;
pid ${own}/nginx.pid;
error_log ${own}/error.log;
events { worker_connections 1024; }

http {
${common(at.shared)}
    access_log ${own}/access.log keyward;

    ${temporary.map((name) => `${name}_temp_path ${own}/${name};`).join('\n    ')}

    upstream wallets {
        server unix:${at.folder}/api.sock;
        keepalive 32;
    }
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header Host $host;
${server(at.sandboxPort, 'sandbox')}
${server(at.productionPort, 'production')}
${dashboardServers(at, `${own}/access.log`)}
}
`;
}
