// In one file, so that they run one after the other: packing works in the folders of the packages.
import './published-packages.js';
import './new-user.js';
import './documents.js';
import './registry.js';
