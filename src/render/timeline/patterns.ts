/** The patterns by which phases are told apart without colours. They stand in every file that holds a picture. */
export const PATTERNS =
  '<defs>' +
  '<pattern id="dots" width="6" height="6" patternUnits="userSpaceOnUse"><path class="dots" d="M1 3h2"/></pattern>' +
  '<pattern id="slashes" width="6" height="6" patternUnits="userSpaceOnUse"><path class="slashes" d="M0 6l6 -6"/></pattern>' +
  '<pattern id="crosses" width="6" height="6" patternUnits="userSpaceOnUse"><path class="crosses" d="M0 6l6 -6M0 0l6 6"/></pattern>' +
  '</defs>';
