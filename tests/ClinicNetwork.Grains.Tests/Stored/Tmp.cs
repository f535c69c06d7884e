namespace ClinicNetwork.Grains.Tests.Stored;
public sealed class TmpStored { [Fact] public void Write() => File.WriteAllLines("/tmp/StoredTypes.txt", StoredTypes.All.Select(StoredTypes.ShapeOf)); }
