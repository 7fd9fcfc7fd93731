// What both loads share: the documented shape, who answers, what the run leaves for the report.

const minutes = { up: '2m', stay: '5m', down: '2m' };
const short = { up: '12s', stay: '30s', down: '12s' };

const form = __ENV.FORM === 'short' ? short : minutes;
export const USERS = Number(__ENV.USERS || 100);
export const THINK = Number(__ENV.THINK || 1);
const replicas = __ENV.REPLICAS.split(',');
let asked = 0;

export const stages = [
    { duration: form.up, target: USERS },
    { duration: form.stay, target: USERS },
    { duration: form.down, target: 0 },
];

/** Round robin: consecutive requests of one user reach different API processes. */
export function replica() {
    asked += 1;
    return replicas[(asked + __VU) % replicas.length];
}

/** Figures of these names stand in the summary: k6 tells apart only what a threshold names. */
export function named(names) {
    return Object.fromEntries(names.map((name) => [`http_req_duration{name:${name}}`, ['max>=0']]));
}

export function summary(data) {
    return { [__ENV.SUMMARY]: JSON.stringify(data) };
}
