/** Which images a folder of the user's own is about: `myapp`, `myapp*`, `registry.example.com%2Fteam%2Fmyapp`. */
import { matchesWildcard } from '../../meta/wildcard';
import { parseImage } from './image';
import type { ImageModel } from './model';

/** An image of the user's own: the pattern of its name, and what it does. */
export interface OwnImage {
  matches(image: string): boolean;
  readonly model: ImageModel;
}

/** `*` stands for anything; a slash is written `%2F`. The whole name may match, or it without tag, or its last part. */
export function parseOwnPattern(pattern: string): (image: string) => boolean {
  const name = pattern.replaceAll(/%2f/gi, '/');
  return (image) => {
    const { repository } = parseImage(image);
    const names = [image, image.replace(/(@.*|:[^/:]*)$/, ''), repository, repository.replace(/^.*\//, '')];
    return names.some((each) => matchesWildcard(name, each));
  };
}
