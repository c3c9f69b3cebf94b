/** Which volume suits a claim: the scheduler asks it too, so it lies with the API server's rules. */
export { claimReference as referenceTo, classOf, findVolume, isBoundTo, misfit } from '../../apiserver/volume-match';
