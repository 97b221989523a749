//JAVA 25+
//DEPS ../rpkai.java
//RUNTIME_OPTIONS --enable-native-access=ALL-UNNAMED -XX:-MaxFDLimit -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto

/// What a launch script needs to know: rpkai is built once, by itself, and a script of yours compiles in a
/// second.
///
///     //SOURCES rpkai-library@org
final class Library {}
