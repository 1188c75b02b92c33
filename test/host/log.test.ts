import { PassThrough, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import test from 'ava';
import type { LogSeverity } from '../../src/agent/ports.ts';
import { makeJournalLog, type JournalLog } from '../../src/host/log.ts';

async function written(write: (log: JournalLog) => void, level?: LogSeverity): Promise<string> {
  const stream = new PassThrough();
  const content = text(stream);
  const log = await makeJournalLog(stream, level);
  write(log);
  await log.flush();
  stream.end();
  return content;
}

test('each severity has its syslog priority in front', async (t) => {
  const content = await written((log) => {
    for (const severity of ['error', 'warning', 'notice', 'info', 'debug'] as const) log(severity, severity);
  }, 'debug');
  t.is(content, '<3>error\n<4>warning\n<5>notice\n<6>info\n<7>debug\n');
});

test('a message of several lines is logged as several lines of its severity', async (t) => {
  t.is(await written((log) => log('notice', 'applied\n+ a\n- b\n')), '<5>applied\n<5>+ a\n<5>- b\n');
});

test('what a terminal or journald would obey is escaped', async (t) => {
  const content = await written((log) => log('error', '\u001b[31m\r\u2028<1>'));
  t.is(content, '<3>\\u{1b}[31m\\u{d}\\u{2028}<1>\n');
});

test('what is less severe than the level is dropped, and the level can change', async (t) => {
  const content = await written((log) => {
    log('info', 'a');
    log('notice', 'b');
    log.setLevel('debug');
    log('debug', 'c');
  }, 'notice');
  t.is(content, '<5>b\n<7>c\n');
});

test('a thousand lines at once all arrive before flush resolves, in order', async (t) => {
  const lines = Array.from({ length: 1000 }, (_, index) => `line ${index}`);
  const content = await written((log) => lines.forEach((line) => log('info', line)));
  t.is(content, lines.map((line) => `<6>${line}\n`).join(''));
});

test('a reader that has gone away does not end the daemon', async (t) => {
  const stream = new Writable({
    write(_chunk, _encoding, done) {
      done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    },
  });
  const log = await makeJournalLog(stream);
  log('error', 'one');
  await log.flush();
  log('error', 'two');
  await log.flush();
  t.pass();
});
