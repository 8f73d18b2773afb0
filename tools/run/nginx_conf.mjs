// nginx_conf.mjs - the configuration of a run's gateway: one server for each environment, in front of the sandbox API.
import path from 'node:path';
import { worker } from './folder.mjs';

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

/** The text; `at` is {folder, shared, module, sandboxPort, productionPort}. */
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
    keyward_state ${at.shared};

    # $keyward_request is the request line without any key in it; $request is not.
    log_format keyward '$remote_addr $time_iso8601 "$keyward_request" $status $request_time '
                       '$keyward_request_id "$keyward_key_id" $keyward_reason';
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
}
`;
}
