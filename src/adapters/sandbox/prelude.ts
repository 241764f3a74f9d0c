/**
 * The few lines that run inside QuickJS before the user's code: copy the globals in, write the result out, put an
 * error into words. They keep the built-ins they need, so that code which replaces JSON.stringify harms only itself.
 */
export const PRELUDE = `(() => {
  const { parse, stringify } = JSON;
  const { keys } = Object;
  const Failure = TypeError;
  const Thrown = Error;
  const text = String;
  const NONE = { function: 'a function', symbol: 'a symbol', bigint: 'a BigInt' };
  const PLAIN = [Map, Set, Promise, ArrayBuffer].map((type) => [type, type.name]);
  function check(key, value) {
    let what = NONE[typeof value];
    if (typeof value === 'object' && value !== null) {
      for (let at = 0; at < PLAIN.length; at++) if (value instanceof PLAIN[at][0]) what = 'a ' + PLAIN[at][1];
    }
    if (what === undefined) return value;
    const place = key === '' ? 'is ' + what : 'holds ' + what + ' in "' + key + '"';
    throw new Failure('The returned value ' + place + '; return plain data, which JSON can hold');
  }
  return {
    install(globals) {
      const values = parse(globals);
      for (const name of keys(values)) globalThis[name] = values[name];
    },
    encode(value) {
      try {
        const json = stringify(value, check);
        return json === undefined ? 'null' : json;
      } catch (error) {
        if (error instanceof Failure && error.message === 'circular reference') {
          throw new Failure('The returned value contains itself; return plain data, which JSON can hold');
        }
        throw error;
      }
    },
    describe(thrown) {
      try {
        if (thrown === null) return '["null","",""]';
        if (thrown instanceof Thrown) return stringify([text(thrown.name), text(thrown.message), text(thrown.stack)]);
        const json = typeof thrown === 'string' ? thrown : stringify(thrown);
        return stringify(['', 'The code threw ' + (json === undefined ? text(thrown) : json), '']);
      } catch (error) {
        return '["","The code threw a value that cannot be shown",""]';
      }
    },
  };
})()`;
