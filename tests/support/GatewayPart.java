package tests.support;

//SOURCES ../../lib/cli/gateway/*.java
//SOURCES ../../lib/cli/secret/*.java
//SOURCES ../../lib/cli/usage/*.java
//SOURCES ../../lib/database/*.java
//SOURCES ../../lib/gateway/**.java
//SOURCES ../../lib/models/*.java
//SOURCES ../../lib/usage/budget/*.java
//SOURCES ../../lib/usage/extract/*.java
//SOURCES ../../lib/usage/store/*.java
//DEPS org.xerial:sqlite-jdbc:3.53.4.0:natives-all

/// The part of rpkai that is not compiled until a command needs it: tests use its classes and are compiled with it. It
/// is listed here and not in `lib/Rpkai.java`, which has the list of its files.
final class GatewayPart {
    private GatewayPart() {}
}
