// The rig wants the machine for itself.
[assembly: Xunit.CollectionBehavior(DisableTestParallelization = true)]
