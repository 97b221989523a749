/// The API of each type of provider: paths, models, usage, the shape of errors.
package lib.gateway.formats;
