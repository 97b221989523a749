/// The usage page.
package lib.gateway.ui;
