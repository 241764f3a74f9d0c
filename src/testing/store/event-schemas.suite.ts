import { describe, expect, test } from 'vitest';
import type { EventSchema } from '../../core/event-schema/event-schema.ts';
import type { Store } from '../../ports/store.ts';
import { NOW, newId, newName } from '../factories.ts';

export function eventSchemaSuite(store: () => Store): void {
  describe('schemas of messages', () => {
    const schemas = () => store().eventSchemas;
    const schemaOf = (over: Partial<EventSchema> = {}): EventSchema => ({
      projectId: newId(),
      type: newName(),
      version: 1,
      schema: { type: 'object', required: ['b', 'a'], properties: { b: {}, a: { enum: ['é', null, 1.5] } } },
      policy: 'reject',
      upcast: null,
      createdAt: NOW,
      ...over,
    });

    test('are none before they are added', async () => {
      const [projectId, type] = [newId(), newName()];
      expect(await schemas().list(projectId, { limit: 10 })).toEqual([]);
      expect(await schemas().versions(projectId, type)).toEqual([]);
      expect(await schemas().count(projectId)).toBe(0);
      expect(await schemas().delete(projectId, type)).toBe(false);
    });

    test('are kept version by version, as they were given', async () => {
      const first = schemaOf();
      const second = { ...first, version: 2, policy: 'allow', schema: true, upcast: { b: '{{ $data.a }}' } } as const;
      expect(await schemas().add(first)).toBe(true);
      expect(await schemas().add(second)).toBe(true);
      const kept = await schemas().versions(first.projectId, first.type);
      expect(kept).toEqual([second, first]);
      expect(JSON.stringify(kept[1]?.schema)).toBe(JSON.stringify(first.schema));
      expect(await schemas().count(first.projectId)).toBe(1);
    });

    test('of one number there is one, whoever is first', async () => {
      const one = schemaOf();
      const added = await Promise.all(
        ['reject', 'allow'].map((policy) => schemas().add({ ...one, policy } as EventSchema)),
      );
      expect(added.toSorted()).toEqual([false, true]);
      expect(await schemas().versions(one.projectId, one.type)).toHaveLength(1);
    });

    test('are listed by type with their newest version, page by page, each project its own', async () => {
      const [projectId, other] = [newId(), newId()];
      for (const type of ['b', 'a.x', 'a-x', 'C']) await schemas().add(schemaOf({ projectId, type }));
      await schemas().add(schemaOf({ projectId, type: 'a.x', version: 2 }));
      await schemas().add(schemaOf({ projectId: other, type: 'a' }));
      const first = await schemas().list(projectId, { limit: 3 });
      expect(first.map(({ type, version }) => [type, version])).toEqual([
        ['C', 1],
        ['a-x', 1],
        ['a.x', 2],
      ]);
      expect((await schemas().list(projectId, { limit: 3, after: 'a.x' })).map(({ type }) => type)).toEqual(['b']);
      expect(await schemas().count(projectId)).toBe(4);
      expect(await schemas().delete(other, 'b')).toBe(false);
      expect(await schemas().versions(other, 'b')).toEqual([]);
    });

    test('those of a type are deleted together', async () => {
      const one = schemaOf();
      for (const version of [1, 2]) await schemas().add({ ...one, version });
      expect(await schemas().delete(one.projectId, one.type)).toBe(true);
      expect(await schemas().versions(one.projectId, one.type)).toEqual([]);
      expect(await schemas().add(one)).toBe(true);
    });

    test('who knows the mark is given them again only after a change', async () => {
      const one = schemaOf();
      await schemas().add(one);
      const all = await schemas().changed(null);
      expect(all?.schemas).toContainEqual(one);
      expect(await schemas().changed(all!.mark)).toBeNull();
      for (const version of [3, 2]) await schemas().add({ ...one, version });
      const more = await schemas().changed(all!.mark);
      const own = (list = more?.schemas) => list?.filter(({ projectId }) => projectId === one.projectId);
      expect(own()?.map(({ version }) => version)).toEqual([1, 2, 3]);
      await schemas().delete(one.projectId, one.type);
      expect(own((await schemas().changed(more!.mark))?.schemas)).toEqual([]);
    });

    test('whoever listens hears of a change', async () => {
      let told = (): void => undefined;
      await store().listen((news) => news === 'schemas' && told());
      // What it hears when it has connected is over.
      const heard = new Promise<void>((resolve) => {
        told = resolve;
      });
      await schemas().add(schemaOf());
      await heard;
    });
  });
}
