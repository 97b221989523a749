/// The certificates with which the gateway identifies itself to upstreams that demand one.
package lib.gateway.certificate;
