package lib.startup;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;

/// Readies a class for an AOT cache. The JVM leaves classes out of a cache that were compiled for Java 5 or
/// older, since they have no stack maps to verify them by; picocli's are, and are half of what a command loads.
/// Renewed, they have.
///
///     new StackMapUpgrader(loader).renew(bytes)
final class StackMapUpgrader {
    /// The first version whose classes are verified by their stack maps alone.
    private static final int WITH_STACK_MAPS = ClassFile.JAVA_7_VERSION;

    private final ClassFile classFile;

    /// @param classes finds the classes that are named in the code
    StackMapUpgrader(ClassLoader classes) {
        classFile = ClassFile.of(
                ClassFile.ConstantPoolSharingOption.NEW_POOL,
                ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                ClassFile.ClassHierarchyResolverOption.of(
                        ClassHierarchyResolver.ofResourceParsing(classes).cached()));
    }

    /// The same class with stack maps, when it has none.
    byte[] renew(byte[] bytes) {
        if (!isOld(bytes)) return bytes;
        ClassTransform version = (builder, element) -> {
            if (element instanceof ClassFileVersion) builder.withVersion(WITH_STACK_MAPS, 0);
            else builder.with(element);
        };
        // Stack maps are made for code that passes through, even unchanged.
        return classFile.transformClass(
                classFile.parse(bytes),
                version.andThen(ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)));
    }

    /// Bytes 6 and 7 are the major version.
    private static boolean isOld(byte[] bytes) {
        return bytes.length > 8 && ((bytes[6] & 0xFF) << 8 | bytes[7] & 0xFF) < ClassFile.JAVA_6_VERSION;
    }
}
