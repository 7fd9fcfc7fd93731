// A climber's visit, again and again: log in once, send a clip, follow its analysis live, look at the result.
import http from 'k6/http';
import ws from 'k6/ws';
import crypto from 'k6/crypto';
import exec from 'k6/execution';
import { check, sleep } from 'k6';
import { Trend } from 'k6/metrics';
import { THINK, named, replica, stages, summary } from './shape.js';

const PASSWORD = 'correct horse battery';
const JOB_S = 1.0;
const LONGEST_WAIT_MS = 60000;
const PADDING = 'x'.repeat(64 * 1024);
const JSON_BODY = { 'Content-Type': 'application/json' };

const heard = { progress: new Trend('progress_ms', true), completed: new Trend('completed_ms', true) };
const ended = new Trend('asked_to_result_ms', true);
let token = null;

const latencies = {
    'http_req_duration{kind:read}': ['p(95)<200'],
    'http_req_duration{kind:write}': ['p(95)<500'],
    'http_req_duration{name:result}': ['p(95)<100'],
    progress_ms: ['p(95)<100'],
    completed_ms: ['p(95)<100'],
};
export const options = {
    stages,
    noCookiesReset: true,
    summaryTrendStats: ['count', 'med', 'p(95)', 'p(99)', 'max'],
    thresholds: {
        checks: ['rate==1'],
        http_req_failed: ['rate==0'],
        ...named([
            'register', 'me', 'list', 'open upload', 'sign part', 'part to storage', 'complete', 'ticket',
            'ask for analysis', 'analysis', 'result again', 'coaching', 'playback', 'log out', 'log in',
        ]),
        ...(__ENV.LATENCIES === 'no' ? named(['result']) : latencies),
    },
};

function think(least_s, most_s) {
    sleep(THINK * (least_s + Math.random() * (most_s - least_s)));
}

function headers(more) {
    return { ...(token === null ? {} : { Authorization: `Bearer ${token}` }), ...more };
}

function read(name, path, status = 200, more = {}) {
    const answer = http.get(replica() + path, { tags: { name, kind: 'read' }, headers: headers(more) });
    check(answer, { [name]: (found) => found.status === status });
    return answer;
}

function write(name, path, body, status) {
    const sent = body === null ? null : JSON.stringify(body);
    const answer = http.post(replica() + path, sent, {
        tags: { name, kind: 'write' },
        headers: headers({ ...JSON_BODY, 'Idempotency-Key': crypto.hexEncode(crypto.randomBytes(12)) }),
    });
    check(answer, { [name]: (found) => found.status === status });
    return answer.status === status && status !== 204 ? answer.json() : null;
}

/** The journey ends here: k6 has counted the check that failed. */
function need(value, what) {
    if (value === null) throw new Error(`${what} was refused`);
    return value;
}

let email = null;

function enter() {
    if (email === null) {
        email = `${crypto.hexEncode(crypto.randomBytes(8))}@example.org`;
        const { accept } = read('sign up', '/api/v1/auth/sign-up').json();
        const wish = { email, password: PASSWORD, accepted: accept };
        token = need(write('register', '/api/v1/auth/register', wish, 201), 'register');
    } else {
        token = need(write('log in', '/api/v1/auth/login', { email, password: PASSWORD }, 200), 'log in');
    }
    token = token.access_token;
}

/** What uploads know a video by; ASCII, so that a character is a byte. */
const CLIP_HEAD = `\x00\x00\x00\x18free${'\x00'.repeat(16)}`;

function send() {
    const nonce = Math.floor(Math.random() * 2 ** 31);
    const line = JSON.stringify({ chaos: 'computes', seconds: JOB_S, nonce });
    const clip = `${CLIP_HEAD}${line}\n${PADDING}`;
    const size = { file_name: 'climb.mp4', content_type: 'video/mp4', size_bytes: clip.length };
    const video = need(write('open upload', '/api/v1/videos', size, 201), 'an upload');
    const part = { part_number: 1, sha256: crypto.sha256(clip, 'base64') };
    const link = need(write('sign part', `/api/v1/videos/${video.id}/parts`, part, 200), 'a part');
    const stored = http.put(link.url, clip, {
        tags: { name: 'part to storage', kind: 'storage' }, headers: link.headers,
    });
    check(stored, { 'part to storage': (found) => found.status === 200 });
    need(write('complete', `/api/v1/videos/${video.id}/complete`, null, 200), 'the upload');
    return video.id;
}

/** Ask for an analysis with the socket open; its id once its end was heard. */
function follow(video) {
    const ticket = need(write('ticket', '/api/v1/ws-tickets', null, 201), 'a ticket').ticket;
    let analysis = null;
    let hasEnded = false;
    let asked = 0;
    const url = `${replica().replace('http', 'ws')}/ws?ticket=${ticket}`;
    const opened = ws.connect(url, { tags: { name: 'socket' } }, (socket) => {
        socket.setTimeout(() => socket.close(), LONGEST_WAIT_MS);
        socket.on('message', (text) => {
            const event = JSON.parse(text);
            if (event.type === 'snapshot.end') {
                asked = Date.now();
                analysis = write('ask for analysis', '/api/v1/analyses', { video_id: video }, 201);
                if (analysis === null) socket.close();
            } else if (analysis !== null && event.analysis_id === analysis.id) {
                const name = event.type.split('.')[1];
                if (name in heard) heard[name].add(Date.now() - Date.parse(event.at));
                if (name === 'started') read('analysis', `/api/v1/analyses/${analysis.id}`);
                if (['completed', 'failed', 'canceled'].includes(name)) {
                    hasEnded = name === 'completed';
                    ended.add(Date.now() - asked);
                    socket.close();
                }
            }
        });
    });
    check(opened, { 'socket opened': (found) => found && found.status === 101 });
    check(hasEnded, { 'end was heard': (found) => found });
    return need(hasEnded ? analysis.id : null, 'a result');
}

function look(analysis, video) {
    read('analysis', `/api/v1/analyses/${analysis}`);
    const result = read('result', `/api/v1/analyses/${analysis}/result`);
    read('coaching', `/api/v1/analyses/${analysis}/coaching`);
    read('playback', `/api/v1/videos/${video}/playback`);
    think(20, 30);
    const etag = result.headers.Etag;
    read('result again', `/api/v1/analyses/${analysis}/result`, 304, { 'If-None-Match': etag });
}

export default function () {
    if (token === null) {
        enter();
        think(2, 4);
    }
    read('me', '/api/v1/users/me');
    read('list', '/api/v1/analyses');
    think(10, 20);
    const video = send();
    const analysis = follow(video);
    look(analysis, video);
    think(10, 15);
    read('list', '/api/v1/analyses');
    // who logs out comes back: once in three visits
    if (exec.vu.iterationInInstance % 3 === 2) {
        write('log out', '/api/v1/auth/logout', null, 204);
        token = null;
    }
    think(4, 8);
}

export const handleSummary = summary;
