// The documented script: 100 users who ask for /health and never pause.
import http from 'k6/http';
import { check } from 'k6';
import { named, replica, stages, summary } from './shape.js';

export const options = {
    stages,
    summaryTrendStats: ['count', 'med', 'p(95)', 'p(99)', 'max'],
    thresholds: {
        checks: ['rate==1'],
        http_req_failed: ['rate==0'],
        ...(__ENV.LATENCIES === 'no' ? {} : { http_req_duration: ['p(95)<200'] }),
        ...named(['health']),
    },
};

export default function () {
    const answer = http.get(`${replica()}/health`, { tags: { name: 'health' } });
    check(answer, { 'status is 200': (found) => found.status === 200 });
}

export const handleSummary = summary;
