// What both samples need of a connection: TLS with an identity's file, calls that are repeated after a cut, refusals with their reason.
import fs from 'node:fs';
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';

export const SILENT_MS = 30_000; // a call without a message for so long is cut
/** Attempts of one call without any progress. */
export const patience = { attempts: 20 };
const WAIT_MS = 200; // before the first attempt again; doubled up to WAIT_MS_MAX
const WAIT_MS_MAX = 5_000;
const AGAIN = new Set([grpc.status.UNAVAILABLE, grpc.status.DEADLINE_EXCEEDED, grpc.status.CANCELLED]);
const REASONS_AGAIN = new Set(['NOT_EXECUTED', 'OUTCOME_UNKNOWN', 'RATE_LIMITED']);

/** Of google.rpc.Status, which comes with a refusal, what is read here. */
const details = loader.fromJSON({
  nested: {
    Status: { fields: { code: { type: 'int32', id: 1 }, message: { type: 'string', id: 2 }, details: { rule: 'repeated', type: 'Any', id: 3 } } },
    Any: { fields: { type_url: { type: 'string', id: 1 }, value: { type: 'bytes', id: 2 } } },
    ErrorInfo: { fields: { reason: { type: 'string', id: 1 } } },
  },
}, { keepCase: true, defaults: true });

/** The stable UPPER_SNAKE reason of a refusal; empty without one. */
export function reasonOf(error) {
  const [bytes] = error.metadata?.get('grpc-status-details-bin') ?? [];
  const info = bytes && details.Status.deserialize(bytes).details.find((any) => any.type_url.endsWith('/google.rpc.ErrorInfo'));
  return info ? details.ErrorInfo.deserialize(info.value).reason : '';
}

export const cut = (message) => Object.assign(new Error(message), { code: grpc.status.UNAVAILABLE });

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Repeats what a broken connection ended; `progress` tells how far it came, and an attempt that came further does not count. */
export async function again(attempt, progress = () => 0) {
  for (let tries = 0, wait = WAIT_MS; ; ) {
    const before = progress();
    try {
      return await attempt();
    } catch (error) {
      if (!AGAIN.has(error.code) && !REASONS_AGAIN.has(reasonOf(error))) throw error;
      [tries, wait] = progress() > before ? [0, WAIT_MS] : [tries + 1, Math.min(wait * 2, WAIT_MS_MAX)];
      if (tries >= patience.attempts) throw error;
      await pause(wait * (0.5 + Math.random() / 2));
    }
  }
}

/**
 * Clients of services by their names, such as `sync.v1.PlanFeedService`, on connections that show the certificate of the identity's file and trust its authority alone.
 * @param {{ server: string, identity: string, protos: string }} options
 */
export function connect(options, files, ...services) {
  const pem = fs.readFileSync(options.identity, 'utf8');
  const blocks = pem.match(/-----BEGIN ([A-Z ]+)-----[^-]+-----END \1-----\n?/g) ?? [];
  const certificates = blocks.filter((block) => block.includes('BEGIN CERTIFICATE'));
  const key = blocks.find((block) => block.includes('PRIVATE KEY'));
  if (!key || certificates.length < 2) throw new Error(`${options.identity} does not hold a certificate, its key and the authority`);
  const credentials = grpc.credentials.createSsl(Buffer.from(certificates.at(-1)), Buffer.from(key), Buffer.from(certificates[0]));
  const contract = grpc.loadPackageDefinition(loader.loadSync(files, { includeDirs: [options.protos], longs: Number, enums: String, defaults: true, oneofs: true, keepCase: true }));
  const settings = {
    'grpc.max_receive_message_length': 17 * 1024 * 1024, 'grpc.keepalive_time_ms': 20_000, 'grpc.keepalive_timeout_ms': 10_000,
    'grpc.initial_reconnect_backoff_ms': 100, 'grpc.max_reconnect_backoff_ms': 5_000, // By default up to two minutes, which outlast the attempts above.
  };
  return services.map((name) => {
    const Service = `clinicnetwork.${name}`.split('.').reduce((at, part) => at[part], contract);
    return new Service(new URL(options.server).host, credentials, settings);
  });
}

/** One call, repeated with the same message: what changes something has a request id in it. */
export const call = (client, method, request, metadata = new grpc.Metadata()) => again(() => new Promise((done, failed) => {
  client[method](request, metadata, { deadline: new Date(Date.now() + SILENT_MS) }, (error, answer) => (error ? failed(error) : done(answer)));
}));
