package lib.startup;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;

/// Prepares a class for an AOT cache. The JVM leaves out classes that were compiled for Java 5 or older, since
/// they have no stack maps by which to verify them. picocli's classes are of that kind, and are half of the
/// classes that a command loads. This class adds the stack maps.
///
///     new StackMapUpgrader(loader).renew(bytes)
final class StackMapUpgrader {
    /// The first class file version that is verified by stack maps alone.
    private static final int WITH_STACK_MAPS = ClassFile.JAVA_7_VERSION;

    private final ClassFile classFile;

    /// @param classes the loader of the classes that the code names
    StackMapUpgrader(ClassLoader classes) {
        classFile = ClassFile.of(
                ClassFile.ConstantPoolSharingOption.NEW_POOL,
                ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                ClassFile.ClassHierarchyResolverOption.of(
                        ClassHierarchyResolver.ofResourceParsing(classes).cached()));
    }

    /// Returns the same class with stack maps; a class that already has them is returned unchanged.
    byte[] renew(byte[] bytes) {
        if (!isOld(bytes)) return bytes;
        ClassTransform version = (builder, element) -> {
            if (element instanceof ClassFileVersion) builder.withVersion(WITH_STACK_MAPS, 0);
            else builder.with(element);
        };
        // The transformation makes stack maps for all code that it copies, even unchanged code.
        return classFile.transformClass(
                classFile.parse(bytes),
                version.andThen(ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)));
    }

    /// Bytes 6 and 7 are the major version.
    private static boolean isOld(byte[] bytes) {
        return bytes.length > 8 && ((bytes[6] & 0xFF) << 8 | bytes[7] & 0xFF) < ClassFile.JAVA_6_VERSION;
    }
}
