import { namedStage } from './stage.js';

describe('the name of a stage', () => {
  it.each([
    ['my_stage', '"MY_STAGE"'],
    ['@raw.my_stage', '"RAW"."MY_STAGE"'],
    ['db."Own Schema"."a""b.c"', '"DB"."Own Schema"."a""b.c"'],
  ])('%s is %s', (setting, sql) => {
    expect(namedStage(setting)).toBe(sql);
  });

  it.each(['', 'a.b.c.d', 'a..b', '"a'])('%j is none', (setting) => {
    expect(() => namedStage(setting)).toThrow(/"stage"/);
  });
});
