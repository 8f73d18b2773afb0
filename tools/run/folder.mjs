// folder.mjs - the folder that a run keeps everything in, made so that nginx can enter it and nobody else can read it.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const isRoot = process.getuid() === 0;

/** The user and group of nginx's workers: Debian's www-data when started as root, else whoever runs this. */
export const worker = isRoot ? lookUp('www-data') : { uid: process.getuid(), gid: process.getgid() };

function lookUp(name) {
    const line = fs.readFileSync('/etc/passwd', 'utf8').split('\n').find((entry) => entry.startsWith(`${name}:`));
    if (line === undefined) throw new Error(`there is no user ${name} on this machine: install nginx first (tools/bootstrap)`);
    const [, , uid, gid] = line.split(':');
    return { name, uid: Number(uid), gid: Number(gid) };
}

function mayEnter({ mode, uid, gid }) {
    if (uid === worker.uid) return (mode & 0o100) !== 0;
    if (gid === worker.gid) return (mode & 0o010) !== 0;
    return (mode & 0o001) !== 0;
}

/** The folder itself and all above it, from the root down. */
function withParents(folder) {
    const parent = path.dirname(folder);
    return parent === folder ? [folder] : [...withParents(parent), folder];
}

function refuseClosed(folder) {
    const closed = withParents(folder).find((each) => !mayEnter(fs.statSync(each)));
    if (closed !== undefined)
        throw new Error(`RUN_DIR ${folder}: nginx's user ${worker.name ?? worker.uid} cannot enter ${closed}; ` +
            'name a folder that every user may enter, for example RUN_DIR=/var/tmp/keyward');
}

/** Makes a folder that is ours alone to write to; refuses one that somebody else has put there. */
function makeOurs(folder) {
    fs.mkdirSync(folder, { recursive: true, mode: 0o711 });
    const stat = fs.lstatSync(folder);
    if (!stat.isDirectory() || stat.uid !== process.getuid())
        throw new Error(`${folder} belongs to somebody else: remove it, or name another RUN_DIR`);
    fs.chmodSync(folder, 0o711);
}

/** Shared memory, where there is some: a folder on a disk would make decisions wait for it now and then. */
function sharedFolder(folder) {
    if (!fs.existsSync('/dev/shm')) return path.join(folder, 'shared');
    return `/dev/shm/keyward-${createHash('sha256').update(folder).digest('hex').slice(0, 12)}`;
}

/** Makes the folders of a run; {folder, shared}. */
export function prepare(wanted) {
    const folder = path.resolve(wanted);
    makeOurs(folder);
    refuseClosed(fs.realpathSync(folder));
    const shared = sharedFolder(folder);
    makeOurs(shared);
    return { folder, shared };
}
