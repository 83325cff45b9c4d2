using WikiBus.Schemas.Documents;
using WikiBus.Schemas.Rules;
using WikiBus.Schemas.Rules.Combinations;
using WikiBus.Schemas.Rules.Containers;

namespace WikiBus.Schemas.Compiling;

/// <summary>
/// Turns schemas into nodes. Each subschema becomes one node, however many references lead to it, so that circles of
/// references are circles of nodes. Nodes wait in a queue until they are filled, so nothing recurs.
/// </summary>
internal sealed class NodeCompiler(SchemaLibrary library, SchemaCompilerOptions options)
{
    private readonly Dictionary<(SchemaDocument Document, int Index), SchemaNode> _nodes = [];
    private readonly Queue<SchemaNode> _waiting = [];
    private readonly List<DynamicReferenceRule> _dynamicReferences = [];

    public SchemaCompilerOptions Options => options;

    public IReadOnlyCollection<SchemaNode> Nodes => _nodes.Values;

    /// <summary>True if the schema needs the dynamic scope.</summary>
    public bool IsDynamic => _dynamicReferences.Count > 0;

    /// <summary>Compiles a schema and all schemas that it leads to.</summary>
    /// <exception cref="SchemaFaultException">Some part of it has a fault.</exception>
    public SchemaNode Compile(SchemaLocation root)
    {
        var node = NodeAt(root);
        FillWaiting();
        while (ResolveDynamicReferences())
        {
            FillWaiting();
        }

        foreach (var each in _nodes.Values)
        {
            each.IsScope = IsDynamic && each.Resource.Root == each.Index;
            foreach (var rule in each.Rules.OfType<PropertiesRule>())
            {
                rule.Settle(IsDynamic);
            }
        }
        return node;
    }

    /// <summary>The node of a subschema; filled later.</summary>
    public SchemaNode NodeAt(SchemaLocation location)
    {
        var key = (location.Resource.Document, location.Index);
        if (_nodes.TryGetValue(key, out var known))
        {
            return known;
        }

        if (_nodes.Count >= options.SubschemaCountMax)
        {
            throw new SchemaFaultException($"the schema has more than {options.SubschemaCountMax} subschemas");
        }

        var resource = location.Resource.Document.ResourceAt(location.Index) ?? location.Resource;
        var node = new SchemaNode(resource, location.Index);
        _nodes.Add(key, node);
        _waiting.Enqueue(node);
        return node;
    }

    /// <summary>The node that a reference leads to; an empty one when its document is missing.</summary>
    public SchemaNode Refer(SchemaLocation origin, string reference)
    {
        var target = library.Locate(origin.Resource, reference);
        return target is { } found ? NodeAt(found) : new SchemaNode(origin.Resource, origin.Index);
    }

    /// <summary>
    /// The rule of a <c>$dynamicRef</c>; a plain reference if its initial target has no such dynamic anchor.
    /// </summary>
    public SchemaRule ReferDynamically(SchemaLocation origin, string reference)
    {
        var initial = Refer(origin, reference);
        var anchor = SchemaUri.Parse(reference).Fragment ?? "";
        if (!initial.Resource.DynamicAnchors.TryGetValue(anchor, out var index) || index != initial.Index)
        {
            return new ReferenceRule(initial, reference);
        }

        var rule = new DynamicReferenceRule(reference, anchor, initial);
        _dynamicReferences.Add(rule);
        return rule;
    }

    private void FillWaiting()
    {
        while (_waiting.TryDequeue(out var node))
        {
            new NodeBuilder(this, node).Fill();
        }
    }

    /// <summary>
    /// Gives every dynamic reference the anchors of all known resources; true if that made new nodes.
    /// </summary>
    private bool ResolveDynamicReferences()
    {
        var before = _nodes.Count;
        foreach (var rule in _dynamicReferences)
        {
            foreach (var resource in library.Resources)
            {
                if (resource.DynamicAnchors.TryGetValue(rule.Anchor, out var index))
                {
                    rule.Targets[resource] = NodeAt(new SchemaLocation(resource, index));
                }
            }
        }
        return _nodes.Count > before;
    }
}
