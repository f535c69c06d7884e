// A clinic's program from the protos alone. All commands take --server https://HOST:PORT --identity clinician.pem --protos protos --site clinics/SITE --folder DIR [--attempts N]
//   node site.mjs follow [--stay]                          who is shared with the site, the first time; then what changed since, from the cursor in DIR
//   node site.mjs phq9 patients/P ID 1,2,1,0,0,0,1,0,0     records an answered PHQ-9
//   node site.mjs propose patients/P --dose-mg-per-kg 0.75 --reason "little effect"      a change, decided on the plan that DIR knows
//   node site.mjs send                                     what could not be sent: each with the request id that it was given first, so that nothing is done twice
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import grpc from '@grpc/grpc-js';
import { again, call, connect, cut, patience, reasonOf } from './network.mjs';

const { values: options, positionals: [command, patient, ...rest] } = parseArgs({
  allowPositionals: true,
  options: {
    server: { type: 'string' }, identity: { type: 'string' }, protos: { type: 'string' }, site: { type: 'string' }, folder: { type: 'string' },
    stay: { type: 'boolean', default: false }, reason: { type: 'string' }, 'dose-mg-per-kg': { type: 'string' }, 'induction-sessions': { type: 'string' },
    attempts: { type: 'string', default: '20' },
  },
});
patience.attempts = Number(options.attempts);

const kept = (name) => path.join(options.folder, name);
const now = () => ({ seconds: Math.floor(Date.now() / 1000), nanos: 0 });

function fail(message) {
  console.error(`site: ${message}`);
  process.exitCode = 2;
}

/** Whole or not at all, and on the disk. */
function write(file, text) {
  const opened = fs.openSync(`${file}.new`, 'w');
  fs.writeSync(opened, text);
  fs.fsyncSync(opened);
  fs.closeSync(opened);
  fs.renameSync(`${file}.new`, file);
}

const read = (file, otherwise) => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : otherwise);

/** What the site knows of each patient: enough here to decide on a plan while the network is away. */
const plans = () => JSON.parse(read(kept('plans.json'), '{}'));
const know = (known, name, plan) => {
  if (plan) known[name] = { etag: plan.etag, revision: plan.revision, dose_mg_per_kg: plan.dose_mg_per_kg, induction_sessions: plan.induction_sessions };
  else delete known[name];
};

async function list(feed, metadata) {
  const known = {};
  let page = { next_page_token: '' };
  do {
    page = await call(feed, 'ListSitePatients', { site: options.site, include_plans: true, page_token: page.next_page_token }, metadata);
    for (const one of page.patients) {
      know(known, one.patient, one.plan);
      console.log(`${one.patient}, home ${one.home_clinic}, version ${one.version}${one.plan ? `, plan revision ${one.plan.revision}` : ''}`);
    }
  } while (page.next_page_token);
  // First what is known, then from where on it changes: the other way round a kill in between would lose changes.
  write(kept('plans.json'), JSON.stringify(known));
  write(kept('cursor'), page.cursor);
}

async function follow(feed, metadata) {
  if (!read(kept('cursor'), '')) await list(feed, metadata);
  const known = plans();
  let seen = 0;
  await again(() => new Promise((done, failed) => {
    const stream = feed.WatchPlans({ site: options.site, cursor: read(kept('cursor'), ''), include_plans: true, until_caught_up: !options.stay }, metadata);
    let caughtUp = false;
    stream.on('data', ({ change, bookmark }) => {
      if (change) {
        console.log(`${change.patient}, version ${change.version}: ${change.command}${change.plan ? `, plan revision ${change.plan.revision}` : ''}`);
        if (change.plan || change.kind === 'CHANGE_KIND_ACCESS_REVOKED' || change.kind === 'CHANGE_KIND_ERASED') know(known, change.patient, change.plan);
        write(kept('plans.json'), JSON.stringify(known));
        seen++;
      }
      caughtUp = Boolean(bookmark);
      write(kept('cursor'), (change ?? bookmark).cursor); // Only now: what was not dealt with comes again.
    });
    stream.on('error', failed);
    stream.on('end', () => (caughtUp && !options.stay ? done() : failed(cut('the stream ended early'))));
  }), () => seen);
  console.log('caught up');
}

/** Into the outbox with its id before it is sent. */
function keep(rpc, request) {
  write(kept(`outbox/${Date.now()}-${request.request_id}.json`), JSON.stringify({ rpc, request }));
}

async function send(patients, metadata) {
  for (const name of fs.readdirSync(kept('outbox')).filter((file) => file.endsWith('.json')).sort()) {
    const { rpc, request } = JSON.parse(fs.readFileSync(kept(`outbox/${name}`), 'utf8'));
    try {
      const answer = await call(patients, rpc, request, metadata);
      tell(rpc, request, answer);
      fs.rmSync(kept(`outbox/${name}`));
    } catch (error) {
      const reason = reasonOf(error);
      if (!reason) throw error; // Nobody answered: it stays where it is.
      fs.renameSync(kept(`outbox/${name}`), kept(`refused/${name}`)); // For a person to look at; nothing is dropped.
      fail(`${rpc} of ${request.patient} was refused, ${reason}: ${error.details}; kept in refused/${name}`);
    }
  }
}

function tell(rpc, request, answer) {
  console.log(`${rpc} of ${request.patient}: version ${answer.receipt.version}${rpc === 'RecordAssessment' ? `, total ${answer.total}` : `, ${answer.outcome.replace('PROPOSAL_OUTCOME_', '').toLowerCase()}, plan revision ${answer.plan.revision}`}`);
  if (!answer.conflict) return;
  const { fields, base, present, proposed, against } = answer.conflict;
  console.log(`conflict ${answer.conflict.number}: nothing of the proposal is in the plan, and no session starts, until a clinician resolves it`);
  for (const field of fields.map((name) => name.replace('PLAN_FIELD_', '').toLowerCase().replace(/^interval$/, 'interval_days'))) {
    console.log(`  ${field}: was ${JSON.stringify(base?.[field])}, is ${JSON.stringify(present[field])}, proposed ${JSON.stringify(proposed[field])}`);
  }
  for (const other of against) console.log(`  revision ${other.revision} at ${other.site}: ${other.reason}`);
}

async function main() {
  for (const name of ['server', 'identity', 'protos', 'site', 'folder']) {
    if (!options[name]) return fail(`--${name} is missing`);
  }
  for (const name of ['outbox', 'refused']) fs.mkdirSync(kept(name), { recursive: true });
  const [feed, patients] = connect(
    options, ['clinicnetwork/sync/v1/plan_feed_service.proto', 'clinicnetwork/care/v1/patient_service.proto'], 'sync.v1.PlanFeedService', 'care.v1.PatientService');
  const metadata = new grpc.Metadata();
  metadata.set('clinicnetwork-site', options.site); // Who acts comes from the certificate, for which site from here.
  try {
    if (command === 'follow') {
      try {
        await follow(feed, metadata);
      } catch (error) {
        if (!['CURSOR_TOO_OLD', 'CURSOR_EXPIRED'].includes(reasonOf(error))) throw error;
        fs.rmSync(kept('cursor')); // Away for too long, or the network was restored: everybody once more.
        await follow(feed, metadata);
      }
    } else if (command === 'phq9') {
      keep('RecordAssessment', { request_id: randomUUID(), patient, assessment_id: rest[0], items: rest[1].split(',').map(Number), occurred_at: now() });
      await send(patients, metadata);
    } else if (command === 'propose') {
      const plan = plans()[patient];
      if (!plan) return fail(`no plan of ${patient} is known here: follow first`);
      const change = Object.fromEntries(['dose-mg-per-kg', 'induction-sessions'].filter((name) => options[name]).map((name) => [name.replaceAll('-', '_'), Number(options[name])]));
      keep('ProposeRevision', { request_id: randomUUID(), patient, etag: plan.etag, reason: options.reason, occurred_at: now(), ...change });
      await send(patients, metadata);
    } else if (command === 'send') {
      await send(patients, metadata);
    } else {
      fail('give follow, phq9, propose or send');
    }
  } catch (error) {
    fail(`${reasonOf(error)} ${error.details || error.message}`.trim());
  } finally {
    feed.close();
    patients.close();
  }
}

await main();
